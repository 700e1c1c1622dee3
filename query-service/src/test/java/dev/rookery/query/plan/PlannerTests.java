package dev.rookery.query.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.TagHash;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.query.plan.Sources.ByAuthor;
import dev.rookery.query.plan.Sources.ByAuthorAndKind;
import dev.rookery.query.plan.Sources.ByIds;
import dev.rookery.query.plan.Sources.ByKind;
import dev.rookery.query.plan.Sources.ByTag;
import dev.rookery.query.plan.Sources.ByTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class PlannerTests {

    private static final String KEY = "\"" + "a".repeat(64) + "\"";

    @Test
    void readsIdsWhateverElseIsAskedFor() {
        Filter filter = filter("{\"ids\":[%s],\"kinds\":[1],\"#t\":[\"x\"]}".formatted(KEY));

        assertThat(Planner.alternatives(filter)).singleElement().isInstanceOf(ByIds.class);
        assertThat(Planner.residual(filter, Planner.alternatives(filter).getFirst())
                        .isNone())
                .isTrue();
    }

    @Test
    void readsTimeAndKindsWhenThereIsNothingNarrower() {
        assertThat(Planner.alternatives(filter("{\"since\":5}"))).containsExactly(new ByTime());
        assertThat(Planner.alternatives(filter("{\"kinds\":[1,70000]}"))).containsExactly(new ByKind(List.of(1)));
    }

    @Test
    void readsPairsOfAuthorAndKindUnlessTheyAreTooMany() {
        Filter few = filter("{\"authors\":[%s],\"kinds\":[1,6]}".formatted(KEY));
        String kinds = IntStream.range(0, 6_000).mapToObj(Integer::toString).collect(Collectors.joining(","));
        Filter many = filter("{\"authors\":[%s],\"kinds\":[%s]}".formatted(KEY, kinds));

        assertThat(Planner.alternatives(few)).singleElement().isInstanceOf(ByAuthorAndKind.class);
        Sources authors = Planner.alternatives(many).getFirst();
        assertThat(authors).isInstanceOf(ByAuthor.class);
        assertThat(Planner.residual(many, authors).kinds().orElseThrow()).hasSize(6_000);
    }

    @Test
    void offersEachTagAndTheAuthorsAndAsksForTheOthers() {
        Filter filter = filter("{\"#t\":[\"x\",\"y\"],\"#p\":[%s],\"authors\":[%s],\"kinds\":[1]}".formatted(KEY, KEY));

        List<Sources> alternatives = Planner.alternatives(filter);

        List<Long> topics = List.of(TagHash.of('t', "x"), TagHash.of('t', "y"));
        List<Long> keys = List.of(TagHash.of('p', "a".repeat(64)));
        assertThat(alternatives).hasSize(3);
        assertThat(alternatives.getFirst()).isEqualTo(new ByTag('t', topics, Optional.of(List.of(1))));
        assertThat(Planner.residual(filter, alternatives.getFirst()))
                .isEqualTo(new Residual(Optional.ofNullable(filter.authors()), Optional.empty(), List.of(keys)));
        assertThat(Planner.residual(filter, alternatives.getLast()))
                .isEqualTo(new Residual(Optional.empty(), Optional.empty(), List.of(topics, keys)));
    }

    @Test
    void looksForPrivateKindsAmongWhatTheirPartiesHave() {
        Bytes32 viewer = new Bytes32(0, 0, 0, 7);
        Set<Integer> hidden = Set.of(4, 1059);
        Sources received = new ByTag('p', List.of(TagHash.of('p', viewer.toString())), Optional.of(List.of(1059)));
        Sources written = new ByAuthorAndKind(List.of(viewer), List.of(1059));

        assertThat(Planner.ofViewers(filter("{\"kinds\":[1059]}"), hidden, Set.of(viewer)))
                .hasValue(List.of(received, written));
        assertThat(Planner.ofViewers(filter("{\"kinds\":[1,1059]}"), hidden, Set.of(viewer)))
                .hasValue(List.of(received, written, new ByKind(List.of(1))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"kinds\":[1]}",
                "{\"kinds\":[1059],\"#p\":[KEY]}",
                "{\"kinds\":[1059],\"authors\":[KEY]}",
                "{\"kinds\":[1059],\"ids\":[KEY]}"
            })
    void needsNoViewersWhereNothingIsPrivateOrSomethingIsNarrower(String json) {
        Set<Bytes32> viewers = Set.of(new Bytes32(0, 0, 0, 7));

        assertThat(Planner.ofViewers(filter(json.replace("KEY", KEY)), Set.of(4, 1059), viewers))
                .isEmpty();
    }

    private static Filter filter(String json) {
        try {
            return FilterReader.readAll(("[" + json + "]").getBytes(UTF_8)).getFirst();
        } catch (MalformedMessageException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }
}
