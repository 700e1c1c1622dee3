package dev.rookery.indexer.lane;

import dev.rookery.indexer.kafka.KafkaClients;
import dev.rookery.indexer.outage.StoppedException;
import dev.rookery.indexer.outage.StoreUnavailableException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// Finds out what the log holds of lanes.
final class LaneProbe {

    private final KafkaClients clients;
    private final Admin admin;
    private final String group;

    /// @param group whose offsets are a witness of how far the lanes were decided
    LaneProbe(KafkaClients clients, Admin admin, String group) {
        this.clients = clients;
        this.admin = admin;
        this.group = group;
    }

    /// @param rows what the table says of those lanes that it knows
    /// @throws StoreUnavailableException when Kafka cannot be asked
    Map<TopicPartition, LaneLog> look(Set<TopicPartition> lanes, Map<TopicPartition, LaneRow> rows) {
        Map<String, UUID> topicIds =
                topicIds(lanes.stream().map(TopicPartition::topic).collect(Collectors.toSet()));
        Map<TopicPartition, ListOffsetsResultInfo> starts = offsets(lanes, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(lanes, OffsetSpec.latest());
        Map<TopicPartition, OffsetAndMetadata> committed =
                answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<TopicPartition, LaneLog> logs = new HashMap<>();
        for (TopicPartition lane : lanes) {
            ListOffsetsResultInfo end = of(ends, lane);
            OffsetAndMetadata reached = committed.get(lane);
            logs.put(
                    lane,
                    new LaneLog(
                            of(topicIds, lane.topic()),
                            of(starts, lane).offset(),
                            end.offset(),
                            end.leaderEpoch().orElse(-1),
                            reached == null ? -1 : reached.offset(),
                            null,
                            OptionalLong.empty()));
        }
        try (Consumer<byte[], byte[]> reader = clients.reader()) {
            return new LastDecided(reader).addTo(logs, rows);
        } catch (KafkaException failure) {
            throw new StoreUnavailableException("Kafka", failure);
        }
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(Set<TopicPartition> lanes, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> wanted = lanes.stream().collect(Collectors.toMap(lane -> lane, lane -> which));
        return answer(admin.listOffsets(wanted).all());
    }

    /// @throws StoreUnavailableException when Kafka cannot be asked, or a topic is not there
    Map<String, UUID> topicIds(Set<String> topics) {
        Map<String, TopicDescription> described =
                answer(admin.describeTopics(topics).allTopicNames());
        Map<String, UUID> ids = new HashMap<>();
        described.forEach((topic, description) -> ids.put(topic, uuid(description.topicId())));
        return ids;
    }

    private static UUID uuid(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private static <T> T answer(KafkaFuture<T> asked) {
        try {
            return asked.get();
        } catch (ExecutionException failure) {
            throw new StoreUnavailableException("Kafka", failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    private static <K, V> V of(Map<K, V> map, K key) {
        return Objects.requireNonNull(map.get(key));
    }
}
