package dev.rookery.indexer.lane;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/// Reads the last decided record of each lane once more, and has the broker compare leader epochs on the way.
final class LastDecided {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int POLLS = 100;

    private final Consumer<byte[], byte[]> reader;
    private final Set<TopicPartition> pending = new HashSet<>();

    LastDecided(Consumer<byte[], byte[]> reader) {
        this.reader = reader;
    }

    /// The logs, with what was found of the records that the rows call their last.
    Map<TopicPartition, LaneLog> addTo(Map<TopicPartition, LaneLog> logs, Map<TopicPartition, LaneRow> rows) {
        Map<TopicPartition, LaneLog> found = new HashMap<>(logs);
        Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();
        logs.forEach((lane, log) -> {
            LaneRow row = rows.get(lane);
            if (row != null && row.topicId().equals(log.topicId()) && row.decided() > log.start() && isKnown(row)) {
                places.put(lane, place(row, log));
            }
        });
        pending.addAll(places.keySet());
        reader.assign(pending);
        places.forEach(reader::seek);
        for (int polls = 0; !pending.isEmpty(); polls++) {
            if (polls == POLLS) {
                throw new TimeoutException("the last decided records of " + pending + " cannot be read");
            }
            poll(found);
        }
        return found;
    }

    /// Of a lane that was placed, and decided no further since, there is nothing to compare; and before its place there
    /// may be no record, but the mark of a transaction.
    private static boolean isKnown(LaneRow row) {
        return row.leaderEpoch() >= 0 || row.digest() != null;
    }

    /// The last decided record, or beyond the end: then the broker answers where the two have parted.
    private static OffsetAndMetadata place(LaneRow row, LaneLog log) {
        long offset = row.decided() > log.end() ? row.decided() : row.decided() - 1;
        Optional<Integer> epoch = row.leaderEpoch() < 0 ? Optional.empty() : Optional.of(row.leaderEpoch());
        return new OffsetAndMetadata(offset, epoch, "");
    }

    /// A broker that does not know the row's leader epoch at all cannot say where the two have parted: its log is an
    /// older one, of which nothing is known to be the same.
    private void poll(Map<TopicPartition, LaneLog> found) {
        try {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                TopicPartition lane = new TopicPartition(record.topic(), record.partition());
                if (pending.remove(lane)) {
                    found.computeIfPresent(lane, (same, log) -> log.withLastDecided(Lanes.digest(record)));
                }
            }
        } catch (LogTruncationException parted) {
            parted.offsetOutOfRangePartitions().keySet().forEach(lane -> {
                OffsetAndMetadata common = parted.divergentOffsets().get(lane);
                found.computeIfPresent(
                        lane, (same, log) -> log.withDivergence(common == null ? log.start() : common.offset()));
            });
            pending.removeAll(parted.offsetOutOfRangePartitions().keySet());
        } catch (OffsetOutOfRangeException outside) {
            pending.removeAll(outside.offsetOutOfRangePartitions().keySet());
        }
        reader.assign(pending);
    }
}
