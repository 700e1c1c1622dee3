package dev.rookery.indexer.lane;

import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// How many records of `nostr.index` are logged and not yet decided, whichever indexer has them to decide.
///
/// The ends come from the broker and the places from the database: a request to each broker that leads a lane, and a
/// query. So it is measured now and then, and only while somebody wants to know.
public final class LiveLag {

    private static final Duration BOUND = Duration.ofSeconds(5);

    private final ProgressTable table;
    private final List<TopicPartition> lanes;
    private final AtomicLong measured;

    /// @param table the asking thread's
    LiveLag(ProgressTable table, Topics topics, MeterRegistry meters) {
        this.table = table;
        lanes = IntStream.range(0, Topics.INDEX_PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topics.index(), partition))
                .toList();
        measured = meters.gauge("rookery.indexer.live.lag", new AtomicLong());
    }

    /// A lane that no indexer has placed yet counts as a whole.
    ///
    /// @param consumer the asking thread's, whatever it reads
    /// @throws StoreUnavailableException when a store cannot be asked
    public long measure(Consumer<?, ?> consumer) {
        Map<TopicPartition, Long> ends = ends(consumer);
        Map<TopicPartition, LaneRow> rows = table.rows();
        long lag = 0;
        for (TopicPartition lane : lanes) {
            LaneRow row = rows.get(lane);
            lag += Math.max(0, ends.getOrDefault(lane, 0L) - (row == null ? 0 : row.decided()));
        }
        measured.set(lag);
        return lag;
    }

    private Map<TopicPartition, Long> ends(Consumer<?, ?> consumer) {
        try {
            return consumer.endOffsets(lanes, BOUND);
        } catch (KafkaException failure) {
            throw new StoreUnavailableException("Kafka", failure);
        }
    }
}
