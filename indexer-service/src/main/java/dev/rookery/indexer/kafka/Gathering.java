package dev.rookery.indexer.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Polls that hand over in one go what has come in while the last batch was decided.
///
/// A consumer asks for more while it hands over what it has, and the broker answers with the first record that comes
/// in. So the next poll finds that one alone, and all that came behind it only the poll after that. Deciding costs
/// nearly the same for one record as for a few: whoever finds so little looks again at once. A record that comes
/// alone, after another that did, waits for nobody.
final class Gathering {

    /// What the broker has is here sooner.
    private static final Duration LONGEST_LOOK = Duration.ofMillis(1);

    /// As much as is decided at once. There is no use in taking more from the consumer, where it may be compressed.
    static final int ENOUGH = 200;

    private final Function<Duration, ConsumerRecords<byte[], byte[]>> consumer;
    private final ToLongFunction<TopicPartition> position;
    private int last;
    private @Nullable RuntimeException putOff;

    /// @param consumer polls once
    /// @param position where the consumer goes on in a lane, without waiting for it to find out
    Gathering(Function<Duration, ConsumerRecords<byte[], byte[]>> consumer, ToLongFunction<TopicPartition> position) {
        this.consumer = consumer;
        this.position = position;
    }

    ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        RuntimeException failure = putOff;
        if (failure != null) {
            putOff = null;
            throw failure;
        }
        ConsumerRecords<byte[], byte[]> found = consumer.apply(timeout);
        if (!found.isEmpty() && found.count() < ENOUGH && Math.max(last, found.count()) > 1) {
            found = joined(found, lookAgain());
        }
        last = found.count();
        return found;
    }

    /// A failure is the next poll's: what was found before it has been taken from the consumer, and must not be lost.
    private ConsumerRecords<byte[], byte[]> lookAgain() {
        try {
            return consumer.apply(LONGEST_LOOK);
        } catch (RuntimeException failure) {
            putOff = failure;
            return ConsumerRecords.empty();
        }
    }

    /// A rebalance, which happens within a poll, may have set lanes back or taken them away. What was found of such a
    /// lane before comes again, after what is to come before it.
    private ConsumerRecords<byte[], byte[]> joined(
            ConsumerRecords<byte[], byte[]> first, ConsumerRecords<byte[], byte[]> second) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(second.nextOffsets());
        second.partitions().forEach(lane -> records.put(lane, second.records(lane)));
        for (TopicPartition lane : first.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> found = first.records(lane);
            List<ConsumerRecord<byte[], byte[]>> more = second.records(lane);
            long goesOn = more.isEmpty() ? goesOn(lane) : more.getFirst().offset();
            if (goesOn > found.getLast().offset()) {
                records.put(lane, joined(found, more));
                next.putIfAbsent(lane, first.nextOffsets().get(lane));
            }
        }
        return new ConsumerRecords<>(records, next);
    }

    /// While the consumer compares its place with the log of a new leader, it is not sure of it, but has not been set
    /// back either: a place where it was put, which is done without a leader epoch, is sure at once.
    private long goesOn(TopicPartition lane) {
        try {
            return position.applyAsLong(lane);
        } catch (IllegalStateException takenAway) {
            return -1;
        } catch (TimeoutException unsure) {
            return Long.MAX_VALUE;
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> joined(
            List<ConsumerRecord<byte[], byte[]>> first, List<ConsumerRecord<byte[], byte[]>> second) {
        List<ConsumerRecord<byte[], byte[]>> joined = new ArrayList<>(first);
        joined.addAll(second);
        return joined;
    }
}
