package dev.rookery.load;

import dev.rookery.load.Measure.Figure;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What was measured, as a table for people and as JSON for programs. Of several rounds the median counts; the spread
/// beside it is from the lowest to the highest.
final class Report {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final List<Measure> measures;

    Report(List<Measure> measures) {
        this.measures = List.copyOf(measures);
    }

    String table() {
        StringBuilder table = new StringBuilder();
        for (List<Measure> runs : byScenarioAndRelay().values()) {
            Measure first = runs.getFirst();
            table.append("%-20s %-12s".formatted(first.scenario(), first.relay()));
            for (Figure figure : Figure.values()) {
                table.append("  %s %s"
                        .formatted(
                                figure.label(),
                                spread(runs.stream().mapToDouble(figure::of).toArray())));
            }
            runs.stream()
                    .flatMap(run -> run.problems().stream())
                    .distinct()
                    .forEach(problem -> table.append("  !! ").append(problem));
            table.append('\n');
        }
        return table.append(ratios()).toString();
    }

    /// Of the first relay to each other one, round by round: what was measured at nearly the same time.
    private String ratios() {
        StringBuilder table = new StringBuilder();
        List<String> relays = measures.stream().map(Measure::relay).distinct().toList();
        for (String other : relays.stream().skip(1).toList()) {
            table.append("%n%s to %s%n".formatted(relays.getFirst(), other));
            for (String scenario :
                    measures.stream().map(Measure::scenario).distinct().toList()) {
                List<Measure> ours = runs(scenario, relays.getFirst());
                List<Measure> theirs = runs(scenario, other);
                table.append("%-20s".formatted(scenario));
                for (Figure figure : Figure.values()) {
                    double[] ratios = new double[Math.min(ours.size(), theirs.size())];
                    Arrays.setAll(ratios, i -> figure.of(ours.get(i)) / figure.of(theirs.get(i)));
                    table.append("  %s %s".formatted(figure.label(), spread(ratios)));
                }
                table.append('\n');
            }
        }
        return table.toString();
    }

    private List<Measure> runs(String scenario, String relay) {
        return measures.stream()
                .filter(run -> run.scenario().equals(scenario) && run.relay().equals(relay))
                .toList();
    }

    private Map<String, List<Measure>> byScenarioAndRelay() {
        return measures.stream()
                .collect(Collectors.groupingBy(
                        run -> run.scenario() + " " + run.relay(), LinkedHashMap::new, Collectors.toList()));
    }

    /// The median, and from the lowest to the highest where there are several.
    static String spread(double[] values) {
        double[] sorted =
                Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
        if (sorted.length == 0) {
            return "-";
        }
        String median = number(sorted[sorted.length / 2]);
        return sorted.length == 1
                ? median
                : "%s (%s to %s)".formatted(median, number(sorted[0]), number(sorted[sorted.length - 1]));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 1 ? "%.2f" : "%.3f", value);
    }

    String json() {
        List<Map<String, Object>> runs = measures.stream().map(Report::fields).toList();
        return JSON.writeValueAsString(runs);
    }

    private static Map<String, Object> fields(Measure run) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("scenario", run.scenario());
        fields.put("relay", run.relay());
        fields.put("what", run.what());
        fields.put("count", run.count());
        fields.put("seconds", run.seconds());
        for (double percentile : new double[] {50, 90, 99, 99.9, 100}) {
            put(fields, "p" + percentile + "_ms", run.millis(percentile));
        }
        run.cpuSeconds().ifPresent(seconds -> fields.put("cpu_seconds", seconds));
        run.bytes().ifPresent(bytes -> fields.put("bytes_each", bytes));
        fields.put("problems", run.problems());
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, double value) {
        if (Double.isFinite(value)) {
            fields.put(name, value);
        }
    }
}
