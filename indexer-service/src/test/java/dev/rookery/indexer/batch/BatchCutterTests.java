package dev.rookery.indexer.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Origin;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;

@Timeout(20)
class BatchCutterTests {

    private static final long NOW = TestAuthor.NOW;
    private static final LogRecords LOG = new LogRecords(new Topics(""), new Seal(RunningIndexer.SECRET));

    private final TestAuthor alice = new TestAuthor(1);
    private final TestAuthor bob = new TestAuthor(2);
    private final Preparation preparation =
            new Preparation(LOG, (id, key, signature) -> true, new DeletionTargets(Set.of()));

    @Test
    void keepsTogetherWhatTouchesNothingOfOneAnother() {
        assertThat(cut(
                        alice.note("a"),
                        alice.note("b"),
                        bob.note("a"),
                        alice.event(0, NOW, ""),
                        bob.event(0, NOW, ""),
                        alice.event(3, NOW, ""),
                        alice.event(30_000, NOW, "", Tag.of("d", "x")),
                        alice.event(30_000, NOW, "", Tag.of("d", "y"))))
                .containsExactly(8);
    }

    @Test
    void cutsBeforeAnIdThatComesAgain() {
        assertThat(cut(alice.note("a"), bob.note("b"), alice.note("a"), bob.note("c")))
                .containsExactly(2, 2);
    }

    @Test
    void cutsBeforeAnotherVersionOfAnAddress() {
        assertThat(cut(alice.event(0, NOW, "a"), alice.event(0, NOW + 1, "b"))).containsExactly(1, 1);
        assertThat(cut(
                        alice.event(30_000, NOW, "a", Tag.of("d", "x")),
                        bob.note(""),
                        alice.event(30_000, NOW, "b", Tag.of("d", "x"))))
                .containsExactly(2, 1);
    }

    /// NIP-09, NIP-62: kinds 5 and 62 act on what their author signed, and on gift wraps sent to that author.
    @Test
    void cutsBetweenADeletionAndWhatItsAuthorOwns() {
        String strangers = bob.note("a stranger's").id().toString();
        for (Event deletion : List.of(
                alice.event(5, NOW, "", Tag.of("e", strangers)),
                alice.event(62, NOW, "", Tag.of("relay", "ALL_RELAYS")))) {
            assertThat(cut(alice.note("before"), deletion)).containsExactly(1, 1);
            assertThat(cut(deletion, alice.note("after"))).containsExactly(1, 1);
            assertThat(cut(deletion, bob.note("a stranger's"))).containsExactly(2);
            Event wrap = bob.event(1059, NOW, "", Tag.of("p", alice.key().toString()));
            assertThat(cut(wrap, deletion)).containsExactly(1, 1);
            assertThat(cut(deletion, wrap)).containsExactly(1, 1);
        }
        Event ofNothing = alice.event(5, NOW, "nothing is named");
        assertThat(cut(alice.note("before"), ofNothing)).containsExactly(2);
    }

    @Test
    void cutsWhereABatchIsFull() {
        Event[] events =
                IntStream.range(0, 25).mapToObj(i -> alice.note("n" + i)).toArray(Event[]::new);
        assertThat(cut(new BatchProperties(10, DataSize.ofMegabytes(1), 10_000), events))
                .containsExactly(10, 10, 5);
        long size = events[0].json().length;
        assertThat(cut(new BatchProperties(100, DataSize.ofBytes(size * 12), 10_000), events))
                .allMatch(count -> count <= 12)
                .hasSize(3);
        assertThat(cut(new BatchProperties(100, DataSize.ofBytes(1), 10_000), events[0], events[1]))
                .as("one alone may be larger")
                .containsExactly(1, 1);
    }

    /// Each tag is a row of the index: many of them make a long turn of few bytes.
    @Test
    void cutsWhereItsTagsAreMany() {
        Event[] events = IntStream.range(0, 7)
                .mapToObj(i -> alice.event(1, NOW + i, "", tags(i == 5 ? 40 : 10)))
                .toArray(Event[]::new);
        assertThat(cut(new BatchProperties(100, DataSize.ofMegabytes(1), 30), events))
                .as("one alone may have more")
                .containsExactly(3, 2, 1, 1);
    }

    private static Tag[] tags(int count) {
        return IntStream.range(0, count).mapToObj(i -> Tag.of("t", "v" + i)).toArray(Tag[]::new);
    }

    @Test
    void keepsTheOrderAndLosesNothing() {
        List<Candidate> candidates = IntStream.range(0, 50)
                .mapToObj(i -> prepared(alice.event(0, NOW + i % 7, "")))
                .toList();
        List<Batch> batches = cut(new BatchProperties(10, DataSize.ofMegabytes(1), 10_000), candidates);
        assertThat(batches.stream().flatMap(batch -> batch.candidates().stream()))
                .containsExactlyElementsOf(candidates);
    }

    @Test
    void takesNoMoreThanTheNextBatchNeeds() {
        List<Candidate> taken = new ArrayList<>();
        Iterator<Candidate> candidates = IntStream.range(0, 50)
                .mapToObj(i -> prepared(alice.note("n" + i)))
                .peek(taken::add)
                .iterator();
        Iterator<Batch> batches =
                new BatchCutter(new BatchProperties(10, DataSize.ofMegabytes(1), 10_000)).cut(candidates);
        assertThat(batches.next().size()).isEqualTo(10);
        assertThat(taken).hasSize(11);
        assertThat(batches.next().candidates()).containsExactlyElementsOf(taken.subList(10, 20));
        assertThat(taken).hasSize(21);
    }

    private List<Integer> cut(Event... events) {
        return cut(new BatchProperties(100, DataSize.ofMegabytes(1), 10_000), events);
    }

    private List<Integer> cut(BatchProperties bounds, Event... events) {
        List<Candidate> candidates = Arrays.stream(events).map(this::prepared).toList();
        return cut(bounds, candidates).stream().map(Batch::size).toList();
    }

    private static List<Batch> cut(BatchProperties bounds, List<Candidate> candidates) {
        List<Batch> batches = new ArrayList<>();
        new BatchCutter(bounds).cut(candidates.iterator()).forEachRemaining(batches::add);
        return batches;
    }

    private Candidate prepared(Event event) {
        ProducerRecord<byte[], byte[]> record = LOG.toIndex(event, "", Origin.CLIENT);
        return preparation.prepare(new ConsumerRecord<>(record.topic(), 0, 0, record.key(), record.value()));
    }
}
