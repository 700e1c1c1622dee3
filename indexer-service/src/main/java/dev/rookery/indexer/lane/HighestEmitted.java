package dev.rookery.indexer.lane;

import dev.rookery.indexer.kafka.KafkaClients;
import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.order.Position;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/// Reads the ends of `nostr.broadcast` for the highest position that was ever emitted.
///
/// Ephemeral events have no position, so the last few records of each partition are read. Should all of them be
/// ephemeral, what lies before is not seen: the group's offsets are the other witness of a database that went back.
final class HighestEmitted {

    private static final Duration POLL = Duration.ofMillis(100);
    /// Without a record.
    private static final int POLLS = 100;
    private static final int LAST = 50;

    private final KafkaClients clients;
    private final Topics topics;
    private final LogRecords log;

    HighestEmitted(KafkaClients clients, Topics topics, LogRecords log) {
        this.clients = clients;
        this.topics = topics;
        this.log = log;
    }

    /// @throws StoreUnavailableException when Kafka cannot be asked
    Position read() {
        List<TopicPartition> partitions = IntStream.range(0, Topics.BROADCAST_PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topics.broadcast(), partition))
                .toList();
        try (Consumer<byte[], byte[]> reader = clients.reader()) {
            Map<TopicPartition, Long> starts = reader.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            reader.assign(partitions);
            Set<TopicPartition> pending = new HashSet<>();
            ends.forEach((partition, end) -> {
                long start = starts.getOrDefault(partition, 0L);
                reader.seek(partition, Math.max(start, end - LAST));
                if (end > start) {
                    pending.add(partition);
                }
            });
            return read(reader, pending, ends);
        } catch (KafkaException failure) {
            throw new StoreUnavailableException("Kafka", failure);
        }
    }

    private Position read(
            Consumer<byte[], byte[]> reader, Set<TopicPartition> pending, Map<TopicPartition, Long> ends) {
        Position highest = Position.NONE;
        for (int empty = 0; !pending.isEmpty(); ) {
            if (empty == POLLS) {
                throw new TimeoutException("the ends of " + pending + " cannot be read");
            }
            ConsumerRecords<byte[], byte[]> records = reader.poll(POLL);
            empty = records.isEmpty() ? empty + 1 : 0;
            for (ConsumerRecord<byte[], byte[]> record : records) {
                highest = highest.max(
                        log.readBroadcast(record).map(BroadcastRecord::position).orElse(Position.NONE));
            }
            pending.removeIf(partition -> reader.position(partition) >= ends.getOrDefault(partition, 0L));
        }
        return highest;
    }
}
