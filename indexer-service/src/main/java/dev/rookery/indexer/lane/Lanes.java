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
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// The lanes that this indexer reads, and how far each is decided. The consumer's thread only.
public final class Lanes {

    private static final byte[] NOTHING = {};

    private final Map<TopicPartition, LaneRow> rows = new HashMap<>();
    /// The last that was known of each lane, suspended ones too.
    private final Map<TopicPartition, LaneRow> remembered = new HashMap<>();
    /// After the last record of each lane that the consumer has handed over.
    private final Map<TopicPartition, Long> received = new HashMap<>();

    void place(TopicPartition lane, LaneRow row) {
        rows.put(lane, row);
        remembered.put(lane, row);
        received.put(lane, row.decided());
    }

    /// Nothing is decided from these until they are placed again.
    void suspend(Collection<TopicPartition> lanes) {
        rows.keySet().removeAll(lanes);
    }

    /// They are another indexer's now: what is known of them says nothing any more.
    void forget(Collection<TopicPartition> lanes) {
        suspend(lanes);
        remembered.keySet().removeAll(lanes);
        received.keySet().removeAll(lanes);
    }

    Map<TopicPartition, LaneRow> remembered() {
        return Map.copyOf(remembered);
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

    /// Takes note of what the consumer has handed over. False when some of it comes after other records that it had
    /// handed over before and that are not decided: going on from there would skip them.
    public boolean receive(List<? extends ConsumerRecord<?, ?>> records) {
        Map<TopicPartition, Long> first = new HashMap<>();
        Map<TopicPartition, Long> next = new HashMap<>();
        for (ConsumerRecord<?, ?> record : records) {
            TopicPartition lane = new TopicPartition(record.topic(), record.partition());
            first.putIfAbsent(lane, record.offset());
            next.put(lane, record.offset() + 1);
        }
        boolean skips = first.entrySet().stream().anyMatch(each -> skips(each.getKey(), each.getValue()));
        received.putAll(next);
        return !skips;
    }

    private boolean skips(TopicPartition lane, long first) {
        LaneRow row = rows.get(lane);
        return row != null && first > row.decided() && received.getOrDefault(lane, 0L) > row.decided();
    }

    /// The lanes that the consumer has gone on in without anything to decide.
    ///
    /// @param position of the consumer in a lane
    Map<TopicPartition, LaneGap> gaps(ToLongFunction<TopicPartition> position) {
        Map<TopicPartition, LaneGap> gaps = new HashMap<>();
        rows.forEach((lane, row) -> {
            long next = position.applyAsLong(lane);
            if (next > row.decided() && received.getOrDefault(lane, 0L) <= row.decided()) {
                gaps.put(lane, new LaneGap(row.topicId(), row.decided(), next));
            }
        });
        return gaps;
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
            LaneRow row = new LaneRow(move.topicId(), move.to(), move.leaderEpoch(), move.digest());
            rows.put(move.lane(), row);
            remembered.put(move.lane(), row);
        }
    }

    static Bytes32 digest(ConsumerRecord<byte[], byte[]> record) {
        return Bytes32.of(Sha256.of(record.value() == null ? NOTHING : record.value()));
    }
}
