package dev.rookery.indexer.lane;

import dev.rookery.event.Bytes32;
import dev.rookery.indexer.batch.Batch;
import dev.rookery.indexer.batch.Candidate;
import dev.rookery.signature.Sha256;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// The lanes that this indexer reads, and how far each is decided. The consumer's thread only.
public final class Lanes {

    private static final byte[] NOTHING = {};

    private final Map<TopicPartition, LaneRow> rows = new HashMap<>();

    void place(TopicPartition lane, LaneRow row) {
        rows.put(lane, row);
    }

    void forget(Collection<TopicPartition> lanes) {
        rows.keySet().removeAll(lanes);
    }

    int count() {
        return rows.size();
    }

    Map<TopicPartition, LaneRow> rows() {
        return Map.copyOf(rows);
    }

    Map<String, UUID> topicIds() {
        Map<String, UUID> ids = new HashMap<>();
        rows.forEach((lane, row) -> ids.put(lane.topic(), row.topicId()));
        return ids;
    }

    /// Whether the record is still to be decided here.
    public boolean awaits(ConsumerRecord<?, ?> record) {
        LaneRow row = rows.get(new TopicPartition(record.topic(), record.partition()));
        return row != null && record.offset() >= row.decided();
    }

    /// The steps that the batch makes: for each of its lanes, from where the table is to the batch's last record.
    public List<LaneMove> moves(Batch batch) {
        Map<TopicPartition, ConsumerRecord<byte[], byte[]>> last = new LinkedHashMap<>();
        for (Candidate candidate : batch.candidates()) {
            last.put(candidate.lane(), candidate.record());
        }
        List<LaneMove> moves = new ArrayList<>(last.size());
        last.forEach((lane, record) -> moves.add(move(lane, record)));
        return moves;
    }

    private LaneMove move(TopicPartition lane, ConsumerRecord<byte[], byte[]> last) {
        LaneRow row = Objects.requireNonNull(rows.get(lane), "a record of a lane that is not placed");
        int leaderEpoch = last.leaderEpoch().orElse(-1);
        return new LaneMove(lane, row.topicId(), row.decided(), last.offset() + 1, leaderEpoch, digest(last));
    }

    /// Takes the steps, once the table has them.
    public void take(List<LaneMove> moves) {
        for (LaneMove move : moves) {
            place(move.lane(), new LaneRow(move.topicId(), move.to(), move.leaderEpoch(), move.digest()));
        }
    }

    static Bytes32 digest(ConsumerRecord<byte[], byte[]> record) {
        return Bytes32.of(Sha256.of(record.value() == null ? NOTHING : record.value()));
    }
}
