package dev.rookery.indexer.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the polls of a consumer, given one after the other, are made into.
@Timeout(10)
class GatheringTests {

    private static final String TOPIC = "nostr.index";

    private final Deque<Supplier<ConsumerRecords<byte[], byte[]>>> polls = new ArrayDeque<>();
    private ToLongFunction<TopicPartition> position = lane -> Long.MAX_VALUE;
    private final Gathering gathering = new Gathering(
            timeout -> polls.isEmpty() ? ConsumerRecords.empty() : polls.poll().get(),
            lane -> position.applyAsLong(lane));

    private void next(ConsumerRecords<byte[], byte[]> records) {
        polls.add(() -> records);
    }

    private static ConsumerRecords<byte[], byte[]> records(int lane, long... offsets) {
        TopicPartition partition = new TopicPartition(TOPIC, lane);
        List<ConsumerRecord<byte[], byte[]>> list = Arrays.stream(offsets)
                .mapToObj(offset -> new ConsumerRecord<>(TOPIC, lane, offset, new byte[0], new byte[0]))
                .toList();
        OffsetAndMetadata next = new OffsetAndMetadata(offsets[offsets.length - 1] + 1);
        return new ConsumerRecords<>(Map.of(partition, list), Map.of(partition, next));
    }

    /// As `lane@offset`, in order within each lane.
    private List<String> poll() {
        return strings(gathering.poll(Duration.ofSeconds(1)));
    }

    private static List<String> strings(ConsumerRecords<byte[], byte[]> records) {
        return records.partitions().stream()
                .sorted((a, b) -> a.partition() - b.partition())
                .flatMap(lane -> StreamSupport.stream(records.records(lane).spliterator(), false))
                .map(record -> record.partition() + "@" + record.offset())
                .collect(Collectors.toList());
    }

    @Test
    void joinsWhatHasComeInBehindTheFirst() {
        next(records(3, 5, 6));
        next(records(3, 7));
        assertThat(poll()).containsExactly("3@5", "3@6", "3@7");
        next(records(3, 8));
        next(records(4, 1, 2));
        assertThat(poll()).containsExactly("3@8", "4@1", "4@2");
    }

    @Test
    void knowsWhereEachLaneGoesOn() {
        next(records(3, 5, 6));
        polls.add(() -> new ConsumerRecords<>(
                Map.of(
                        new TopicPartition(TOPIC, 3),
                        List.of(new ConsumerRecord<>(TOPIC, 3, 7, new byte[0], new byte[0]))),
                Map.of(new TopicPartition(TOPIC, 3), new OffsetAndMetadata(8))));
        assertThat(gathering.poll(Duration.ofSeconds(1)).nextOffsets())
                .isEqualTo(Map.of(new TopicPartition(TOPIC, 3), new OffsetAndMetadata(8)));
    }

    @Test
    void waitsForNothingBehindOneThatComesAloneAfterAnother() {
        for (long offset = 0; offset < 3; offset++) {
            next(records(3, offset));
            next(records(3, offset + 100));
            assertThat(poll()).containsExactly("3@" + offset);
            assertThat(poll()).containsExactly("3@" + (offset + 100));
        }
    }

    @Test
    void looksAgainBehindOneThatComesAloneAfterMany() {
        next(records(3, 1, 2));
        polls.add(ConsumerRecords::empty);
        assertThat(poll()).hasSize(2);
        next(records(3, 3));
        next(records(3, 4));
        assertThat(poll()).containsExactly("3@3", "3@4");
    }

    @Test
    void doesNotLookAgainWithEnoughInHand() {
        long[] offsets = new long[200];
        Arrays.setAll(offsets, i -> i);
        next(records(3, offsets));
        next(records(3, 200));
        assertThat(poll()).hasSize(200);
        assertThat(polls).hasSize(1);
    }

    @Test
    void handsOverWhatItHasBeforeAFailureAndFailsTheNextTime() {
        next(records(3, 1, 2));
        polls.add(() -> {
            throw new KafkaException("for a test");
        });
        next(records(3, 3));
        assertThat(poll()).containsExactly("3@1", "3@2");
        assertThatThrownBy(this::poll).isInstanceOf(KafkaException.class);
        assertThat(poll()).containsExactly("3@3");
    }

    /// By a rebalance, which happens within a poll.
    @Test
    void handsOverNothingTwiceOfALaneThatWasSetBackMeanwhile() {
        next(records(3, 5, 6, 7));
        next(records(3, 5, 6));
        assertThat(poll()).containsExactly("3@5", "3@6");
    }

    /// What lies between has not been handed over, and comes first.
    @ParameterizedTest
    @ValueSource(longs = {2, 7})
    void handsOverNothingOfALaneThatWasSetBackThoughNothingHasComeOfIt(long now) {
        assertThat(pollsWhileThePositionIs(lane -> now)).containsExactly("4@1");
        next(records(3, 5, 6, 7));
        polls.add(ConsumerRecords::empty);
        assertThat(poll()).isEmpty();
    }

    @Test
    void handsOverNothingOfALaneThatWasTakenAway() {
        assertThat(pollsWhileThePositionIs(lane -> {
                    throw new IllegalStateException("it is another's");
                }))
                .containsExactly("4@1");
        next(records(3, 5, 6, 7));
        polls.add(ConsumerRecords::empty);
        assertThat(poll()).isEmpty();
    }

    /// As after a change of the lane's leader: the consumer goes on after what it has handed over, and nothing of it
    /// comes again.
    @Test
    void losesNothingOfALaneWhosePlaceTheConsumerIsNotSureOf() {
        assertThat(pollsWhileThePositionIs(lane -> {
                    throw new TimeoutException("compared with the new leader's log first");
                }))
                .containsExactly("3@5", "3@6", "3@7", "4@1");
    }

    private List<String> pollsWhileThePositionIs(ToLongFunction<TopicPartition> now) {
        next(records(3, 5, 6, 7));
        polls.add(() -> {
            position = now;
            return records(4, 1);
        });
        return poll();
    }
}
