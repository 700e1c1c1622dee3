package dev.rookery.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.scenario.FilterScenarios;
import dev.rookery.scenario.ScenarioEvent;
import dev.rookery.scenario.ScenarioFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the scenarios' plain reading of NIP-01 says, the filter and the index say too.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FilterContractTests {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void filtersMatchWhatThePlainReadingMatches(long seed) throws MalformedMessageException {
        FilterScenarios scenarios = new FilterScenarios(seed);
        List<ScenarioEvent> plain = scenarios.events(100);
        List<Event> events = read(plain);
        int matches = 0;
        for (int round = 0; round < 300; round++) {
            ScenarioFilter scenario = scenarios.filter();
            Filter filter = filters(List.of(scenario)).getFirst();
            for (int i = 0; i < events.size(); i++) {
                boolean expected = scenario.matches(plain.get(i));
                if (filter.matches(events.get(i)) != expected) {
                    fail(
                            "seed %d: %s on %s",
                            seed, scenario.json(), plain.get(i).json());
                }
                assertThat(expected && filter.canMatchNothing()).isFalse();
                matches += expected ? 1 : 0;
            }
        }
        assertThat(matches).as("otherwise nothing was tried").isGreaterThan(500);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7, 8})
    void theIndexFindsEachMatchingSubscriptionOnce(long seed) throws MalformedMessageException {
        FilterScenarios scenarios = new FilterScenarios(seed);
        Random random = new Random(seed);
        FilterIndex<Integer> index = new FilterIndex<>();
        Map<Integer, List<ScenarioFilter>> open = new HashMap<>();
        for (int round = 0; round < 1_500; round++) {
            int key = random.nextInt(60);
            if (random.nextInt(3) == 0) {
                index.remove(key);
                open.remove(key);
            } else {
                List<ScenarioFilter> filters = scenarios.filters();
                index.add(key, filters(filters));
                open.put(key, filters);
            }
            ScenarioEvent event = scenarios.event();
            List<Integer> found = new ArrayList<>();
            index.match(EventReader.read(event.json().getBytes(UTF_8)), found::add);
            assertThat(found)
                    .as("seed %d, round %d: %s", seed, round, event.json())
                    .containsExactlyInAnyOrderElementsOf(open.entrySet().stream()
                            .filter(entry -> entry.getValue().stream().anyMatch(filter -> filter.matches(event)))
                            .map(Map.Entry::getKey)
                            .toList());
            assertThat(index.size()).isEqualTo(open.size());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void filtersWeighAtLeastWhatTheIndexKeepsOfThem(long seed) throws MalformedMessageException {
        FilterScenarios scenarios = new FilterScenarios(seed);
        Random random = new Random(seed);
        scenarios.events(20);
        int paired = 0;
        for (int round = 0; round < 1_000; round++) {
            Filter filter = manyKinds(filters(List.of(scenarios.filter())).getFirst(), random);
            FilterIndex<Integer> index = new FilterIndex<>();
            index.add(1, List.of(filter));
            assertThat(filter.weight()).as("seed %d: %s", seed, filter).isGreaterThanOrEqualTo(index.entries());
            paired += index.entries() > 4 ? 1 : 0;
        }
        assertThat(paired).as("otherwise pairs were not tried").isGreaterThan(20);
    }

    private static Filter manyKinds(Filter filter, Random random) {
        List<Integer> kinds =
                random.ints(random.nextInt(1, 7), 0, 1_000).boxed().toList();
        return new Filter(
                filter.ids(),
                filter.authors(),
                kinds,
                filter.tags(),
                filter.since(),
                filter.until(),
                filter.limit(),
                filter.search());
    }

    @ParameterizedTest
    @ValueSource(longs = {9, 10})
    void filtersAreReadAsTheyWereWritten(long seed) throws MalformedMessageException {
        FilterScenarios scenarios = new FilterScenarios(seed);
        scenarios.events(20);
        for (int round = 0; round < 500; round++) {
            List<Filter> filters = filters(scenarios.filters());
            assertThat(FilterReader.readAll(FilterWriter.write(filters)))
                    .as("seed %d", seed)
                    .isEqualTo(filters);
        }
    }

    private static List<Event> read(List<ScenarioEvent> plain) throws MalformedMessageException {
        List<Event> events = new ArrayList<>();
        for (ScenarioEvent event : plain) {
            events.add(EventReader.read(event.json().getBytes(UTF_8)));
        }
        return events;
    }

    private static List<Filter> filters(List<ScenarioFilter> filters) throws MalformedMessageException {
        return FilterReader.readAll(FilterScenarios.json(filters).getBytes(UTF_8));
    }
}
