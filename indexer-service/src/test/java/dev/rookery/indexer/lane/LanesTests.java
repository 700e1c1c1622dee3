package dev.rookery.indexer.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.indexer.batch.Batch;
import dev.rookery.indexer.batch.Candidate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LanesTests {

    private static final TopicPartition LANE = new TopicPartition("lanes", 3);

    private final Lanes lanes = new Lanes();

    @BeforeEach
    void place() {
        lanes.place(LANE, new LaneRow(new UUID(1, 1), 10, -1, null));
    }

    @Test
    void goesOnBehindWhatIsDecided() {
        assertThat(lanes.receive(records(10, 15))).isTrue();
        decide(10, 12);
        decide(12, 15);
        assertThat(lanes.receive(records(15, 20))).isTrue();
        decide(15, 20);
        assertThat(lanes.receive(records(25, 30)))
                .as("offsets that no record has")
                .isTrue();
    }

    /// The listener was left by an exception, and the consumer is further than the table.
    @Test
    void skipsNothingThatWasHandedOverAndIsNotDecided() {
        assertThat(lanes.receive(records(10, 15))).isTrue();
        decide(10, 12);
        assertThat(lanes.receive(records(15, 20))).isFalse();
        assertThat(lanes.receive(records(20, 25))).as("nor later").isFalse();
        assertThat(lanes.receive(records(12, 20))).as("handed over again").isTrue();
        decide(12, 20);
        assertThat(lanes.receive(records(20, 21))).isTrue();
    }

    @Test
    void knowsWhereNoRecordIsLeft() {
        assertThat(lanes.gaps(lane -> 10)).isEmpty();
        assertThat(lanes.gaps(lane -> 12)).containsOnly(Map.entry(LANE, new LaneGap(new UUID(1, 1), 10, 12)));
        assertThat(lanes.receive(records(12, 15))).isTrue();
        assertThat(lanes.gaps(lane -> 15)).as("some are in hand").isEmpty();
        decide(12, 15);
        assertThat(lanes.gaps(lane -> 15)).isEmpty();
    }

    @Test
    void startsAfreshWhereALaneIsPlacedAgain() {
        assertThat(lanes.receive(records(10, 15))).isTrue();
        lanes.suspend(List.of(LANE));
        assertThat(lanes.awaits(records(10, 11).getFirst())).isFalse();
        lanes.place(LANE, new LaneRow(new UUID(1, 1), 10, -1, null));
        assertThat(lanes.receive(records(11, 15))).as("the log begins there").isTrue();
    }

    @Test
    void remembersSuspendedLanesButNotThoseOfOthers() {
        decide(10, 12);
        lanes.suspend(List.of(LANE));
        assertThat(lanes.remembered().get(LANE).decided()).isEqualTo(12);
        lanes.forget(List.of(LANE));
        assertThat(lanes.remembered()).isEmpty();
    }

    private void decide(long from, long to) {
        List<Candidate> candidates = records(from, to).stream()
                .<Candidate>map(record -> new Candidate.Poisoned(record, "", Optional.empty(), ""))
                .toList();
        lanes.take(lanes.moves(new Batch(candidates)));
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(offset ->
                        new ConsumerRecord<byte[], byte[]>(LANE.topic(), LANE.partition(), offset, null, null))
                .toList();
    }
}
