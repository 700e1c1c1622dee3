package dev.rookery.load;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// A load of some seconds, for every run of the tests. Its figures are ratios to a fixed work that is done on the same
/// machine before and after it, so that those of different machines and days can be laid side by side. All of it is
/// done twice, and the second time counts: the first one's costs are those of a JVM that has just begun.
///
/// @param lines    what was measured
/// @param problems what was missing, or came twice
public record ShortRun(List<String> lines, List<String> problems) {

    /// How it is asked for, in place of scenarios.
    static final String NAME = "short";

    private static final long SEED = 1;
    private static final int ROUNDS = 2;
    private static final int CONNECTIONS = 4;
    private static final int WINDOW = 16;

    /// However slow the machine: what is missing after that is lost.
    private static final long PATIENCE = 120;

    /// How much of each.
    ///
    /// @param seconds for the REQs
    /// @param live    events to all subscribers
    record Size(int events, double seconds, int subscribers, int live) {

        static final Size USUAL = new Size(2_000, 3, 50, 150);
    }

    public ShortRun {
        lines = List.copyOf(lines);
        problems = List.copyOf(problems);
    }

    /// @param process of the relay, with all that it has started
    public static ShortRun of(URI relay, long process) throws Exception {
        return of(new Target("rookery", relay, Optional.of(new ProcessTree(process))), Size.USUAL);
    }

    static ShortRun of(Target relay, Size size) throws Exception {
        Corpus corpus = Corpus.of(SEED, ROUNDS * size.events());
        List<String> problems = new ArrayList<>();
        List<Measure> last = List.of();
        Yardstick check = Yardstick.measure();
        for (int round = 0; round < ROUNDS; round++) {
            last = new ArrayList<>();
            for (Scenario scenario : scenarios(corpus, round, size)) {
                Measure measure = scenario.run(relay);
                last.add(measure);
                problems.addAll(measure.problems());
            }
        }
        return new ShortRun(lines(last, check.middle(Yardstick.measure())), problems);
    }

    private static List<String> lines(List<Measure> measures, Yardstick check) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "a signature check takes %.1f µs of processor time, %.1f µs by the clock",
                check.cpuMicros(),
                check.clockMicros()));
        measures.forEach(measure -> lines.add(ratios(measure, check)));
        return lines;
    }

    private static List<Scenario> scenarios(Corpus corpus, int round, Size size) {
        int from = round * size.events();
        return List.of(
                new Publishing("ingest", corpus.events().subList(from, from + size.events()), CONNECTIONS, WINDOW),
                new Requests(
                        "req-author-kind",
                        Objects.requireNonNull(Scenarios.forms(corpus).get("req-author-kind")),
                        CONNECTIONS,
                        size.seconds()),
                new FanOut(
                        "fan-out",
                        corpus,
                        size.subscribers(),
                        (number, since) -> "{\"kinds\":[1],\"since\":" + since + "}",
                        new FanOut.Rate(50, size.live()),
                        PATIENCE));
    }

    private static String ratios(Measure measure, Yardstick check) {
        return String.format(
                Locale.ROOT,
                "%-16s %6d %s, each %.2f checks of processor time, half of them within %.0f checks",
                measure.scenario(),
                measure.count(),
                measure.what(),
                measure.cpuMillis() * 1_000 / check.cpuMicros(),
                measure.millis(50) * 1_000 / check.clockMicros());
    }
}
