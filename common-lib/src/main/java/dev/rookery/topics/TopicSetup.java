package dev.rookery.topics;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Declares the suite's topics and refuses to go on with any that is not as declared: a topic with another number of
/// partitions would send one author's events to two lanes.
public final class TopicSetup {

    private static final int DESCRIPTIONS = 20;

    private final Topics topics;
    private final short replication;

    /// @param replication copies of each partition: 3 wherever there is more than one broker
    public TopicSetup(Topics topics, int replication) {
        this.topics = topics;
        this.replication = (short) replication;
    }

    /// Creates what is missing, then checks all.
    ///
    /// @throws IllegalStateException when a topic is there with another number of partitions, or Kafka cannot be
    ///   asked
    public void declare(Admin admin) {
        List<NewTopic> wanted = new ArrayList<>();
        for (Topics.Declaration topic : topics.declarations()) {
            wanted.add(new NewTopic(topic.name(), topic.partitions(), replication).configs(settings(topic)));
        }
        for (KafkaFuture<Void> created : admin.createTopics(wanted).values().values()) {
            try {
                get(created);
            } catch (TopicExistsException declaredBefore) {
                // as wanted, or else found out below
            }
        }
        check(admin);
    }

    private Map<String, String> settings(Topics.Declaration topic) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                topic.compacted() ? "compact" : "delete",
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                replication > 1 ? "2" : "1",
                TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
                "false",
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(8 << 20));
    }

    private void check(Admin admin) {
        for (Topics.Declaration topic : topics.declarations()) {
            int partitions = partitionsOf(admin, topic.name());
            if (partitions != topic.partitions()) {
                throw new IllegalStateException("topic %s has %d partitions and needs %d"
                        .formatted(topic.name(), partitions, topic.partitions()));
            }
        }
    }

    /// A topic just created may be unknown for a moment to the broker that is asked.
    private static int partitionsOf(Admin admin, String topic) {
        for (int attempt = 1; ; attempt++) {
            try {
                var described = admin.describeTopics(List.of(topic)).topicNameValues();
                return get(requireNonNull(described.get(topic))).partitions().size();
            } catch (UnknownTopicOrPartitionException notYet) {
                if (attempt == DESCRIPTIONS) {
                    throw notYet;
                }
            }
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof KafkaException reason) {
                throw reason;
            }
            throw new IllegalStateException("Kafka cannot be asked for its topics", failure.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptException(stop);
        }
    }
}
