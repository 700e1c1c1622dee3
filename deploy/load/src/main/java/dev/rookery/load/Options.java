package dev.rookery.load;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is asked for on the command line.
///
/// @param scenarios by name; all when there are none
/// @param events    published in each round
/// @param seconds   for each form of a REQ
record Options(
        List<Target> relays,
        Set<String> scenarios,
        int events,
        int rounds,
        double seconds,
        long seed,
        Bystanders bystanders,
        Optional<Path> json) {

    static final String USAGE = """
            load --relay=[NAME=]ws://HOST:PORT[,PID] [--relay=...] [--scenarios=NAME,...] [--events=50000] [--rounds=1]
                 [--seconds=10] [--seed=1] [--subscriptions=0] [--connections=0] [--json=FILE]

            Several relays are put under load in turn, round by round, and compared with the first. With the process id of a
            relay on this machine, its processor time and memory are measured, those of all that it has started included.
            So many subscriptions to something else, and silent connections, stay open meanwhile.
            """;

    Options {
        relays = List.copyOf(relays);
        scenarios = Set.copyOf(scenarios);
        if (relays.isEmpty() || events < 10 || rounds < 1 || seconds <= 0) {
            throw new IllegalArgumentException(USAGE);
        }
    }

    static Options of(List<String> arguments) {
        List<Target> relays = new ArrayList<>();
        Set<String> scenarios = Set.of();
        int events = 50_000;
        int rounds = 1;
        double seconds = 10;
        long seed = 1;
        int subscriptions = 0;
        int connections = 0;
        Optional<Path> json = Optional.empty();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException(USAGE);
            }
            switch (parts[0]) {
                case "--relay" -> relays.add(target(parts[1]));
                case "--scenarios" -> scenarios = Set.of(parts[1].split(",", -1));
                case "--events" -> events = Integer.parseInt(parts[1]);
                case "--rounds" -> rounds = Integer.parseInt(parts[1]);
                case "--seconds" -> seconds = Double.parseDouble(parts[1]);
                case "--seed" -> seed = Long.parseLong(parts[1]);
                case "--subscriptions" -> subscriptions = Integer.parseInt(parts[1]);
                case "--connections" -> connections = Integer.parseInt(parts[1]);
                case "--json" -> json = Optional.of(Path.of(parts[1]));
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        Bystanders bystanders = new Bystanders(subscriptions, connections);
        return new Options(relays, scenarios, events, rounds, seconds, seed, bystanders, json);
    }

    private static Target target(String text) {
        int name = text.indexOf("=ws");
        String[] rest = text.substring(name + 1).split(",", 2);
        Optional<ProcessTree> processes =
                rest.length == 2 ? Optional.of(new ProcessTree(Long.parseLong(rest[1]))) : Optional.empty();
        return new Target(name < 0 ? rest[0] : text.substring(0, name), URI.create(rest[0]), processes);
    }
}
