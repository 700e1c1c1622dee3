package dev.rookery.indexer.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.indexer.lane.LanePlace.Misfit;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LastDecidedTests {

    private static final UUID TOPIC = new UUID(1, 1);
    private static final TopicPartition LANE = new TopicPartition("lanes", 3);
    private static final LaneRow ROW = new LaneRow(TOPIC, 1_000, 7, new Bytes32(1, 2, 3, 4));
    private static final LaneLog LOG = new LaneLog(TOPIC, 20, 1_500, 9, -1, null, OptionalLong.empty());

    private final MockConsumer<byte[], byte[]> reader = new MockConsumer<>("none");

    @Test
    void goesOnFromWhereTheTwoHaveParted() {
        LaneLog found = found(Map.of(LANE, new OffsetAndMetadata(900)));
        assertThat(found.divergence()).hasValue(900);
        assertThat(LanePlace.of(ROW, found).row().decided()).isEqualTo(900);
    }

    /// A log that was put back to an older copy does not know the row's leader epoch, so the broker can say that it
    /// was cut, but not where.
    @Test
    void startsFromTheLogsStartWhereTheBrokerCannotSayWhereTheTwoHaveParted() {
        LaneLog found = found(Map.of());
        assertThat(found.divergence()).hasValue(20);
        LanePlace place = LanePlace.of(ROW, found);
        assertThat(place.misfit()).contains(Misfit.LOG_BEHIND);
        assertThat(place.row().decided()).isEqualTo(20);
    }

    /// What lies before its place may be the mark of a transaction, which no reader ever gets.
    @Test
    void waitsForNoRecordOfALaneThatWasPlacedAndDecidedNoFurther() {
        LaneRow placed = new LaneRow(TOPIC, 1_000, -1, null);
        LaneLog found = new LastDecided(reader)
                .addTo(Map.of(LANE, LOG), Map.of(LANE, placed))
                .get(LANE);
        assertThat(LanePlace.of(placed, found).row()).isEqualTo(placed);
    }

    private LaneLog found(Map<TopicPartition, OffsetAndMetadata> divergent) {
        reader.setPollException(new LogTruncationException("cut", Map.of(LANE, 999L), divergent));
        return new LastDecided(reader)
                .addTo(Map.of(LANE, LOG), Map.of(LANE, ROW))
                .get(LANE);
    }
}
