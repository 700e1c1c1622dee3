package dev.rookery.load;

import dev.rookery.load.Scenarios.Slice;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Puts relays under load and says what came of it. Ends with 1 when a run was not complete, with 2 when it was asked
/// for something else than it does.
public final class Load {

    private Load() {}

    public static void main(String... arguments) throws Exception {
        Options options;
        try {
            options = Options.of(List.of(arguments));
        } catch (IllegalArgumentException unknown) {
            System.err.println(unknown.getMessage());
            System.exit(2);
            return;
        }
        boolean brief = options.scenarios().equals(Set.of(ShortRun.NAME));
        System.exit((brief ? runBriefly(options) : run(options)) ? 0 : 1);
    }

    private static boolean run(Options options) throws Exception {
        List<Measure> measures = measure(options);
        Report report = new Report(measures);
        System.out.println(report.table());
        if (options.json().isPresent()) {
            Files.writeString(options.json().get(), report.json());
        }
        return measures.stream().allMatch(measure -> measure.problems().isEmpty());
    }

    private static boolean runBriefly(Options options) throws Exception {
        boolean complete = true;
        for (Target relay : options.relays()) {
            ShortRun run = ShortRun.of(relay, ShortRun.Size.USUAL);
            System.out.println(relay.name());
            run.lines().forEach(System.out::println);
            run.problems().forEach(problem -> System.out.println("!! " + problem));
            complete &= run.problems().isEmpty();
        }
        return complete;
    }

    /// Beside bystanders at each relay.
    static List<Measure> measure(Options options) throws Exception {
        List<Connections> beside = new ArrayList<>();
        try {
            for (Target relay : options.relays()) {
                beside.add(options.bystanders().join(relay));
            }
            return measureInTurn(options);
        } finally {
            beside.forEach(Connections::close);
        }
    }

    /// Relay by relay for each scenario, so that what is compared was measured at nearly the same time.
    private static List<Measure> measureInTurn(Options options) throws Exception {
        Corpus corpus = Corpus.of(options.seed(), options.events() * options.rounds());
        List<Measure> measures = new ArrayList<>();
        for (int round = 0; round < options.rounds(); round++) {
            for (Scenario scenario : Scenarios.of(corpus, new Slice(round, options.events()), options.seconds())) {
                if (options.scenarios().isEmpty() || options.scenarios().contains(scenario.name())) {
                    for (Target relay : options.relays()) {
                        Measure measure = scenario.run(relay);
                        System.err.println(new Report(List.of(measure)).table().strip());
                        measures.add(measure);
                    }
                }
            }
        }
        return measures;
    }
}
