package dev.rookery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FilterScenariosTests {

    private static final OptionalLong NONE = OptionalLong.empty();

    @Test
    void theSameSeedGivesTheSameScenario() {
        assertThat(scenario(1)).isEqualTo(scenario(1)).isNotEqualTo(scenario(2));
    }

    @Test
    void scenariosHaveEveryForm() {
        FilterScenarios scenarios = new FilterScenarios(3);
        List<ScenarioEvent> events = scenarios.events(200);
        Set<String> forms = new HashSet<>();
        int answered = 0;
        for (int i = 0; i < 500; i++) {
            List<ScenarioFilter> filters = scenarios.filters();
            answered += FilterScenarios.answer(events, filters).isEmpty() ? 0 : 1;
            filters.forEach(filter -> forms.add(filter.json().replaceAll("\\[.*?]|[0-9]", "")));
        }
        assertThat(answered).isGreaterThan(100);
        assertThat(forms).hasSizeGreaterThan(50).contains("{}");
    }

    @Test
    void answersAreNewestFirstThenLowestIdAndEachOnce() {
        ScenarioEvent old = event("c", 1);
        ScenarioEvent low = event("a", 2);
        ScenarioEvent high = event("b", 2);
        ScenarioFilter any = filter(NONE);
        assertThat(FilterScenarios.answer(List.of(old, high, low), List.of(any, any)))
                .containsExactly(low, high, old);
        assertThat(FilterScenarios.answer(List.of(old, high, low), List.of(filter(OptionalLong.of(1)))))
                .containsExactly(low);
    }

    @Test
    void jsonIsCompactAndSpelledAsTheIdWantsIt() {
        ScenarioEvent event = new ScenarioEvent("a", "b", 1, 2, List.of(List.of("t", "\u0000\u001f\n\"\\\u007f/")), "");
        assertThat(event.json())
                .startsWith("{\"id\":\"a\",\"pubkey\":\"b\",\"created_at\":1,\"kind\":2,")
                .contains(",\"tags\":[[\"t\",\"\\u0000\\u001f\\n\\\"\\\\\u007f/\"]],\"content\":\"\",\"sig\":\"55");
        ScenarioFilter filter = new ScenarioFilter(
                List.of(),
                null,
                List.of(1, 2),
                Map.of("t", List.of("x")),
                OptionalLong.of(-1),
                NONE,
                OptionalLong.of(0));
        assertThat(FilterScenarios.json(List.of(filter, filter(NONE))))
                .isEqualTo("[{\"ids\":[],\"kinds\":[1, 2],\"#t\":[\"x\"],\"since\":-1,\"limit\":0}, {}]");
    }

    @Test
    void theRealEventsAreThere() {
        assertThat(RealEvents.json())
                .hasSize(1177)
                .allSatisfy(json -> assertThat(json).startsWith('{').endsWith('}'));
    }

    private static List<String> scenario(long seed) {
        FilterScenarios scenarios = new FilterScenarios(seed);
        List<String> all = new ArrayList<>();
        scenarios.events(20).forEach(event -> all.add(event.json()));
        all.add(FilterScenarios.json(scenarios.filters()));
        return all;
    }

    private static ScenarioEvent event(String id, long createdAt) {
        return new ScenarioEvent(id, "p", createdAt, 1, List.of(), "");
    }

    private static ScenarioFilter filter(OptionalLong limit) {
        return new ScenarioFilter(null, null, null, Map.of(), NONE, NONE, limit);
    }
}
