package dev.rookery.scenario;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Random events and filters from small pools, so that filters often match: many events of one second, values that
/// differ only in case, in normalisation, behind a U+0000 or at the end of a long text. The same seed gives the same
/// ones. Whoever implements filters runs against [#answer].
///
/// All kinds are regular, so that a store keeps every event.
public final class FilterScenarios {

    /// The earliest second of an event.
    public static final long START = 1_700_000_000;

    /// Events are of this many seconds from [#START].
    public static final int SECONDS = 40;

    private static final List<Integer> KINDS = List.of(1, 6, 7, 42, 1063, 1111, 9735, 40_001, 65_535);
    private static final List<Integer> NO_KINDS = List.of(65_536, 65_537, 131_073, 16_777_217);
    private static final List<String> LETTERS = List.of("e", "p", "t", "T", "a", "d", "x");
    private static final String LONG = "long/".repeat(1_000);
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "a\u0000b",
            "a\u0000c",
            "\u0000",
            "nostr",
            "Nostr",
            "\u00e9",
            "e\u0301",
            "%",
            "_",
            "a\"\\b",
            "\n",
            "\u007f",
            "\u2028",
            "\uD83D\uDE00",
            "1:2:3",
            " nostr",
            "nostr ",
            "'; --",
            LONG + 1,
            LONG + 2,
            LONG.substring(0, 300) + 1,
            LONG.substring(0, 300) + 2);

    private final Random random;
    private final List<String> keys;
    private final List<String> ids = new ArrayList<>();

    public FilterScenarios(long seed) {
        random = new Random(seed);
        keys = Stream.generate(this::hex).limit(12).toList();
    }

    /// Another event, its id unlike all before.
    public ScenarioEvent event() {
        String id = hex();
        ids.add(id);
        long createdAt = START + random.nextInt(SECONDS);
        return new ScenarioEvent(id, one(keys), createdAt, one(KINDS), some(6, this::tag), one(TEXTS));
    }

    public List<ScenarioEvent> events(int count) {
        return Stream.generate(this::event).limit(count).toList();
    }

    /// Another filter; some of its values are of events made before.
    public ScenarioFilter filter() {
        return new ScenarioFilter(
                perhaps(8, () -> some(5, this::knownId)),
                perhaps(3, () -> some(5, () -> one(keys))),
                perhaps(2, () -> some(4, this::kind)),
                tagFilters(),
                bound(),
                bound(),
                chance(3) ? OptionalLong.of(random.nextInt(30)) : OptionalLong.empty());
    }

    /// One to four filters, as in a REQ.
    public List<ScenarioFilter> filters() {
        return Stream.generate(this::filter).limit(1 + random.nextInt(4)).toList();
    }

    /// What a REQ with these filters gets from these stored events: for each filter the newest up to its limit, each
    /// event once, in the order served.
    public static List<ScenarioEvent> answer(Collection<ScenarioEvent> stored, List<ScenarioFilter> filters) {
        Set<ScenarioEvent> found = new LinkedHashSet<>();
        for (ScenarioFilter filter : filters) {
            stored.stream()
                    .filter(filter::matches)
                    .sorted(ScenarioEvent.SERVED_ORDER)
                    .limit(filter.limit().orElse(Long.MAX_VALUE))
                    .forEach(found::add);
        }
        return found.stream().sorted(ScenarioEvent.SERVED_ORDER).toList();
    }

    /// The filters as FilterReader and SQL generators are given them: `[{…},{…}]`.
    public static String json(List<ScenarioFilter> filters) {
        return filters.stream().map(ScenarioFilter::json).toList().toString();
    }

    private List<String> tag() {
        if (chance(10)) {
            return List.of(one(LETTERS));
        }
        String name = chance(10) ? "title" : one(LETTERS);
        String value = tagValue(name);
        return chance(4) ? List.of(name, value, one(TEXTS)) : List.of(name, value);
    }

    private String tagValue(String name) {
        return switch (name) {
            case "e" -> knownId();
            case "p" -> one(keys);
            default -> one(TEXTS);
        };
    }

    private Map<String, List<String>> tagFilters() {
        Map<String, List<String>> tags = new LinkedHashMap<>();
        while (chance(3)) {
            String name = one(LETTERS);
            tags.put(name, some(4, () -> tagValue(name)));
        }
        return tags;
    }

    private int kind() {
        return one(chance(12) ? NO_KINDS : KINDS);
    }

    private String knownId() {
        return ids.isEmpty() || chance(5) ? hex() : one(ids);
    }

    private OptionalLong bound() {
        if (!chance(4)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(chance(10) ? -5 : START - 2 + random.nextInt(SECONDS + 4));
    }

    private String hex() {
        StringBuilder digits = new StringBuilder(64);
        while (digits.length() < 64) {
            digits.append(Character.forDigit(random.nextInt(16), 16));
        }
        return digits.toString();
    }

    private <T> T one(List<T> pool) {
        return pool.get(random.nextInt(pool.size()));
    }

    /// Mostly a few, now and then none.
    private <T> List<T> some(int most, Supplier<T> each) {
        int count = chance(12) ? 0 : 1 + random.nextInt(most);
        return Stream.generate(each).limit(count).toList();
    }

    private <T> @Nullable T perhaps(int oneIn, Supplier<T> value) {
        return chance(oneIn) ? value.get() : null;
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }
}
