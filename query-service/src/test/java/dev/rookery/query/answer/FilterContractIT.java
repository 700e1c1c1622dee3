package dev.rookery.query.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.scenario.FilterScenarios;
import dev.rookery.scenario.ScenarioEvent;
import dev.rookery.scenario.ScenarioFilter;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Filters as SQL against filters as plain code.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ExtendWith(PostgresExtension.class)
class FilterContractIT {

    private static final int REQUESTS = 150;

    private static EventsSchema schema;
    private static TestAnswers answers;

    @BeforeAll
    static void start(TestPostgres postgres) {
        schema = EventsSchema.in(postgres);
        answers = new TestAnswers(postgres);
    }

    @AfterAll
    static void stop() {
        answers.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesWhatAPlainReadingOfTheFilterGives(long seed) {
        FilterScenarios scenarios = new FilterScenarios(seed);
        Random random = new Random(seed);
        List<ScenarioEvent> stored = scenarios.events(seed % 2 == 0 ? 60 : 600);
        schema.clear();
        schema.storeJson(stored.stream().map(ScenarioEvent::json).toList());

        for (int request = 0; request < REQUESTS; request++) {
            List<ScenarioFilter> filters = scenarios.filters();
            String json = FilterScenarios.json(filters);
            long pageBytes = random.nextBoolean() ? 1 << 20 : 1 + random.nextInt(20_000);

            assertThat(answers.all(json, pageBytes))
                    .as("seed %d, request %d: %s", seed, request, json)
                    .map(event -> event.id().toString())
                    .isEqualTo(FilterScenarios.answer(stored, filters).stream()
                            .map(ScenarioEvent::id)
                            .toList());
        }
    }
}
