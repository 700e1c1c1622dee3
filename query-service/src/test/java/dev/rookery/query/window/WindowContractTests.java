package dev.rookery.query.window;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.filter.Visibility;
import dev.rookery.order.Effect;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.query.window.Window.Answer;
import dev.rookery.scenario.FilterScenarios;
import dev.rookery.scenario.ScenarioEvent;
import dev.rookery.scenario.ScenarioFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/// Filters of the window against filters as plain code.
@Timeout(60)
class WindowContractTests {

    private static final int REQUESTS = 150;
    private static final int LIMIT = 5_000;
    private static final DataSize ROOMY = DataSize.ofMegabytes(64);

    private final List<ScenarioEvent> stored = new ArrayList<>();
    private long seq;
    private int answered;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersEverythingWhereItHoldsEverything(long seed) throws Exception {
        FilterScenarios scenarios = new FilterScenarios(seed);
        Window window = loaded(scenarios.events(seed % 2 == 0 ? 60 : 600), Window.EVERYTHING, ROOMY);
        ask(window, scenarios, seed);
        assertThat(answered).isEqualTo(REQUESTS);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void answersWholeRequestsOrNoneWhereItHoldsTheNewest(long seed) throws Exception {
        FilterScenarios scenarios = new FilterScenarios(seed);
        Window window = loaded(scenarios.events(600), FilterScenarios.START + 25, ROOMY);
        ask(window, scenarios, seed);
        assertThat(answered).as("seed %d", seed).isBetween(5, REQUESTS - 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26})
    void undergoesWhatTheOrderBrings(long seed) throws Exception {
        FilterScenarios scenarios = new FilterScenarios(seed);
        Random random = new Random(seed);
        Window window = loaded(scenarios.events(300), FilterScenarios.START + 10, ROOMY);
        for (int i = 0; i < 300; i++) {
            ScenarioEvent added = scenarios.event();
            ScenarioEvent gone = stored.remove(random.nextInt(stored.size()));
            stored.add(added);
            window.apply(next(), hot(added), List.of(new Effect.Removed(Bytes32.ofHex(gone.id()), gone.createdAt())));
        }
        ask(window, scenarios, seed);
        assertThat(answered).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void letsTheOldestGoWhereThereIsNoRoom(long seed) throws Exception {
        FilterScenarios scenarios = new FilterScenarios(seed);
        DataSize room = DataSize.ofKilobytes(300);
        Window window = loaded(scenarios.events(50), Window.EVERYTHING, room);
        for (int i = 0; i < 600; i++) {
            ScenarioEvent added = scenarios.event();
            stored.add(added);
            window.apply(next(), hot(added), List.of());
            assertThat(window.bytes()).isLessThanOrEqualTo(room.toBytes());
        }
        ask(window, scenarios, seed);
        assertThat(answered).as("seed %d", seed).isBetween(5, REQUESTS - 10);
    }

    private Window loaded(List<ScenarioEvent> events, long floor, DataSize room) {
        stored.addAll(events);
        Window window = new Window(TestAnswers.window(room), new SimpleMeterRegistry(), System::nanoTime);
        Loading loading = window.begin(next());
        window.load(
                loading,
                events.stream()
                        .filter(event -> event.createdAt() >= floor)
                        .map(WindowContractTests::hot)
                        .toList());
        window.loaded(loading, floor, new Position(1, seq));
        window.loadedAll(loading);
        window.trust(System.nanoTime(), Long.MAX_VALUE / 2);
        return window;
    }

    private void ask(Window window, FilterScenarios scenarios, long seed) throws Exception {
        var everybody = new Viewing(new Visibility(Set.of()), Set.of(), 0);
        for (int request = 0; request < REQUESTS; request++) {
            List<ScenarioFilter> filters = scenarios.filters();
            Optional<Answer> answer = window.answer(new Position(1, seq), hot(filters), everybody);
            if (answer.isPresent()) {
                answered++;
                assertThat(answer.get().at()).isEqualTo(new Position(1, seq));
                assertThat(answer.get().events())
                        .as("seed %d, request %d: %s", seed, request, FilterScenarios.json(filters))
                        .map(json -> EventsSchema.event(new String(json, UTF_8)))
                        .map(event -> event.id().toString())
                        .isEqualTo(FilterScenarios.answer(stored, filters).stream()
                                .map(ScenarioEvent::id)
                                .toList());
            }
        }
    }

    /// As a request is taken apart before it comes here.
    private static List<HotFilter> hot(List<ScenarioFilter> filters) throws Exception {
        List<HotFilter> hot = new ArrayList<>();
        for (Filter filter : FilterReader.readAll(FilterScenarios.json(filters).getBytes(UTF_8))) {
            int limit = filter.limit().orElse(LIMIT);
            if (!filter.canMatchNothing() && limit > 0) {
                hot.add(HotFilter.of(filter, limit));
            }
        }
        return hot;
    }

    private static HotEvent hot(ScenarioEvent event) {
        Event read = EventsSchema.event(event.json());
        return new HotEvent(read);
    }

    private Position next() {
        return new Position(1, ++seq);
    }
}
