package dev.rookery.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.filter.FilterIndex.Subscription;
import dev.rookery.filter.FilterShelves.AuthorOfKind;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.scenario.ScenarioEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FilterIndexTests {

    private static final String AUTHOR = "a".repeat(64);

    private final Event event = event(1, List.of(List.of("t", "x"), List.of("t", "x"), List.of("e", hex(1))));

    /// The forms that clients use; each is filed so that strangers' events never touch it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ids\":[\"%1$s\"]}",
                "{\"ids\":[\"%1$s\"],\"kinds\":[1]}",
                "{\"authors\":[\"%1$s\"]}",
                "{\"authors\":[\"%1$s\"],\"kinds\":[1]}",
                "{\"authors\":[\"%1$s\"],\"kinds\":[1,2,3,4,5,6]}",
                "{\"#t\":[\"%1$s\"],\"kinds\":[1]}",
                "{\"#e\":[\"%1$s\"]}",
                "{\"authors\":[\"%1$s\"],\"#t\":[\"x\"]}",
                "{\"authors\":[\"%1$s\"],\"#t\":[\"%1$s\",\"x\"]}"
            })
    void anEventMeetsNoneOfTenThousandStrangers(String form) throws MalformedMessageException {
        FilterShelves<Integer> shelves = new FilterShelves<>();
        for (int i = 0; i < 10_000; i++) {
            String json = form.formatted(hex(i + 10));
            shelves.file(
                    new Subscription<>(i),
                    FilterReader.readAll(("[" + json + "]").getBytes(UTF_8)).getFirst());
        }
        assertThat(candidates(shelves)).isZero();
    }

    @Test
    void anEventOfAKindMeetsNoFiltersOfOtherKinds() throws MalformedMessageException {
        FilterShelves<Integer> shelves = new FilterShelves<>();
        for (int i = 0; i < 1_000; i++) {
            Filter filter = filter("{\"authors\":[\"" + AUTHOR + "\"],\"kinds\":[" + (i + 2) + "]}");
            shelves.file(new Subscription<>(i), filter);
            shelves.file(new Subscription<>(i), filter("{\"kinds\":[" + (i + 2) + "]}"));
        }
        assertThat(candidates(shelves)).isZero();
    }

    @Test
    void aSubscriptionWithSeveralMatchingFiltersIsFoundOnce() throws MalformedMessageException {
        FilterIndex<String> index = new FilterIndex<>();
        index.add("all", List.of(filter("{}"), filter("{\"kinds\":[1]}"), filter("{\"#t\":[\"x\"]}"), filter("{}")));
        assertThat(found(index)).containsExactly("all");
        assertThat(found(index)).containsExactly("all");
    }

    /// Or one filter with a thousand values, and one event with as many tags, would cost a million comparisons.
    @Test
    void aFilterThatIsFiledUnderManyValuesOfAnEventIsTriedOnce() throws MalformedMessageException {
        FilterIndex<String> index = new FilterIndex<>();
        String values = IntStream.range(0, 50).mapToObj(i -> "\"v" + i + "\"").collect(Collectors.joining(","));
        index.add("missed", List.of(filter("{\"#t\":[" + values + "],\"until\":5}")));
        Event tagged = event(
                1,
                IntStream.range(0, 100)
                        .mapToObj(i -> List.of("t", "v" + i % 50))
                        .toList());
        index.match(tagged, found -> fail("matches nothing"));
        assertThat(index.tried()).isOne();
        index.match(tagged, found -> fail("matches nothing"));
        assertThat(index.tried()).isEqualTo(2);
    }

    @Test
    void addingAgainReplacesAndRemovingForgets() throws MalformedMessageException {
        FilterIndex<String> index = new FilterIndex<>();
        index.add("a", List.of(filter("{\"kinds\":[1]}")));
        index.add("a", List.of(filter("{\"kinds\":[2]}")));
        assertThat(found(index)).isEmpty();
        index.add("b", List.of(filter("{\"kinds\":[1]}")));
        index.add("c", List.of(filter("{\"kinds\":[1]}")));
        index.add("d", List.of(filter("{\"kinds\":[1]}")));
        index.remove("b");
        index.remove("unknown");
        assertThat(found(index)).containsExactlyInAnyOrder("c", "d");
        assertThat(index.size()).isEqualTo(3);
    }

    @Test
    void filtersThatMatchNothingLiveAreNotTried() throws MalformedMessageException {
        FilterIndex<String> index = new FilterIndex<>();
        index.add("none", List.of(filter("{\"ids\":[]}"), filter("{\"kinds\":[1],\"search\":\"x\"}")));
        assertThat(found(index)).isEmpty();
        assertThat(index.size()).isOne();
    }

    /// A table of keys that have no order looks at each key of one hash; whoever sends filters chooses the keys.
    @Test
    void pairsOfAuthorAndKindHaveAnOrder() {
        List<AuthorOfKind> pairs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Bytes32 author = Bytes32.parseHex("%032x%016x%016x".formatted(0, 100 + i, 31 * (100 - i)))
                    .orElseThrow();
            pairs.add(new AuthorOfKind(author, 1));
            pairs.add(new AuthorOfKind(author, 0));
        }
        assertThat(pairs.stream().map(pair -> pair.author().hashCode()).distinct())
                .as("chosen to be equal")
                .hasSize(1);
        assertThat(Comparable.class).isAssignableFrom(AuthorOfKind.class);
        assertThat(new TreeSet<>(pairs)).hasSize(pairs.size());
    }

    @Test
    void nothingIsLeftOverWhenAllHaveGone() throws MalformedMessageException {
        FilterIndex<Integer> index = new FilterIndex<>();
        for (int i = 0; i < 100; i++) {
            index.add(
                    i,
                    List.of(
                            filter("{\"authors\":[\"" + hex(i) + "\"]}"),
                            filter("{\"kinds\":[1,2]}"),
                            filter("{\"#t\":[\"x\"]}")));
        }
        assertThat(index.buckets()).isEqualTo(103);
        for (int i = 0; i < 100; i++) {
            index.remove(i);
        }
        assertThat(index.buckets()).isZero();
        assertThat(index.size()).isZero();
    }

    private List<String> found(FilterIndex<String> index) {
        List<String> found = new ArrayList<>();
        index.match(event, found::add);
        return found;
    }

    private int candidates(FilterShelves<Integer> shelves) {
        AtomicInteger count = new AtomicInteger();
        shelves.candidates(event, bucket -> count.addAndGet(bucket.size()));
        return count.get();
    }

    private static Filter filter(String json) throws MalformedMessageException {
        return FilterReader.readAll(("[" + json + "]").getBytes(UTF_8)).getFirst();
    }

    private static Event event(int kind, List<List<String>> tags) {
        try {
            ScenarioEvent event = new ScenarioEvent(hex(0), AUTHOR, 1_700_000_000, kind, tags, "");
            return EventReader.read(event.json().getBytes(UTF_8));
        } catch (MalformedMessageException e) {
            throw new AssertionError(e);
        }
    }

    private static String hex(int number) {
        return "%064x".formatted(number);
    }
}
