package dev.rookery.load;

import dev.rookery.event.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All scenarios, in the order in which they are run: what is asked for has been published before.
final class Scenarios {

    private static final int CONNECTIONS = 8;
    private static final int ASKING = 4;
    private static final int FOLLOWED = 500;
    private static final long PATIENCE = 30;
    private static final long SETTLE = 5_000;
    private static final FanOut.Rate FAN_OUT = new FanOut.Rate(50, 500);

    private Scenarios() {}

    /// @param corpus  events enough for each round to publish some that are new
    /// @param seconds for each form of a REQ
    static List<Scenario> of(Corpus corpus, Slice slice, double seconds) {
        List<Scenario> scenarios = new ArrayList<>();
        scenarios.add(new Publishing("ingest-64", slice.large(corpus), CONNECTIONS, 64));
        scenarios.add(new Publishing("ingest-1", slice.small(corpus), CONNECTIONS, 1));
        forms(corpus).forEach((name, form) -> scenarios.add(new Requests(name, form, ASKING, seconds)));
        scenarios.add(new FanOut(
                "fan-out-200",
                corpus,
                200,
                (number, since) -> "{\"kinds\":[1],\"since\":" + since + "}",
                FAN_OUT,
                PATIENCE));
        scenarios.add(new FanOut(
                "fan-out-mixed-2000",
                corpus,
                2_000,
                (number, since) -> mixed(corpus, number, since),
                FAN_OUT,
                PATIENCE));
        scenarios.add(new Idle("idle-1000", 1_000, SETTLE));
        scenarios.add(new Idle("idle-10000", 10_000, SETTLE));
        return List.copyOf(scenarios);
    }

    /// The part of the corpus that one round publishes.
    record Slice(int round, int perRound) {

        List<Event> large(Corpus corpus) {
            int from = round * perRound;
            return corpus.events().subList(from, from + perRound * 9 / 10);
        }

        List<Event> small(Corpus corpus) {
            int from = round * perRound;
            return corpus.events().subList(from + perRound * 9 / 10, from + perRound);
        }
    }

    static Map<String, Function<Random, String>> forms(Corpus corpus) {
        Map<String, Function<Random, String>> forms = new LinkedHashMap<>();
        int count = corpus.events().size();
        forms.put(
                "req-author-kind",
                random -> "{\"authors\":[\"%s\"],\"kinds\":[1],\"limit\":20}".formatted(corpus.author(random)));
        forms.put("req-kinds-100", random -> "{\"kinds\":[%d],\"limit\":100}".formatted(random.nextBoolean() ? 1 : 7));
        forms.put("req-e", random -> "{\"#e\":[\"%s\"]}".formatted(corpus.target(random, count)));
        forms.put(
                "req-ids-10",
                random -> "{\"ids\":[%s]}"
                        .formatted(list(Stream.generate(() -> corpus.events()
                                        .get(random.nextInt(count / 4))
                                        .id()
                                        .toString())
                                .limit(10))));
        forms.put(
                "req-t-since",
                random -> "{\"#t\":[\"%s\"],\"since\":%d,\"limit\":100}"
                        .formatted(
                                Corpus.topic(random).value(), Corpus.START + random.nextInt(Math.max(1, 10 * count))));
        forms.put(
                "req-following-500",
                random -> "{\"authors\":[%s],\"kinds\":[1,6],\"limit\":100}"
                        .formatted(list(Stream.generate(() -> corpus.author(random))
                                .distinct()
                                .limit(FOLLOWED))));
        forms.put(
                "req-deep-page",
                random -> "{\"kinds\":[1],\"until\":%d,\"limit\":100}"
                        .formatted(Corpus.START + random.nextInt(Math.max(1, 10 * count))));
        return forms;
    }

    private static String mixed(Corpus corpus, int number, long since) {
        Random random = new Random(number);
        String filter = switch (number % 4) {
            case 0 ->
                "\"authors\":[%s],\"kinds\":[1]"
                        .formatted(list(Stream.generate(() -> corpus.author(random))
                                .distinct()
                                .limit(50)));
            case 1 -> "\"#t\":[\"%s\"]".formatted(Corpus.topic(random).value());
            case 2 -> "\"#p\":[\"%s\"]".formatted(corpus.author(random));
            default -> "\"kinds\":[7]";
        };
        return "{" + filter + ",\"since\":" + since + "}";
    }

    private static String list(Stream<String> values) {
        return values.map(value -> '"' + value + '"').collect(Collectors.joining(","));
    }
}
