package dev.rookery.topics;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Declares the suite's topics and refuses to go on with any that is not as the suite needs it.
public final class TopicSetup {

    private static final int DESCRIPTIONS = 100;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Topics topics;
    private final short replication;

    /// @param replication copies of each partition: 3 wherever there is more than one broker
    public TopicSetup(Topics topics, int replication) {
        this.topics = topics;
        this.replication = (short) replication;
    }

    /// Creates what is missing, then checks all, and waits until what was created can be written to.
    ///
    /// @throws IllegalStateException when a topic is there and cannot be used as it is, or Kafka cannot be asked
    public void declare(Admin admin) {
        List<NewTopic> wanted = new ArrayList<>();
        for (Topics.Declaration topic : topics.declarations()) {
            wanted.add(new NewTopic(topic.name(), topic.partitions(), replication).configs(settings(topic)));
        }
        List<NewTopic> made = new ArrayList<>();
        Map<String, KafkaFuture<Void>> creations = admin.createTopics(wanted).values();
        for (NewTopic topic : wanted) {
            try {
                get(requireNonNull(creations.get(topic.name())));
                made.add(topic);
            } catch (TopicExistsException declaredBefore) {
                // as wanted, or else found out below
            }
        }
        check(admin);
        awaitLeaders(admin, made);
    }

    /// The broker that leads a partition which has just been made takes a moment to know, and whatever is written to it
    /// meanwhile may not be taken in time.
    private static void awaitLeaders(Admin admin, List<NewTopic> made) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (NewTopic topic : made) {
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                asked.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        if (!asked.isEmpty()) {
            get(admin.listOffsets(asked).all());
        }
    }

    /// Where there is one broker, how long records stay is that broker's to say: there is no copy to make a backup of.
    private Map<String, String> settings(Topics.Declaration topic) {
        Map<String, String> settings = new HashMap<>(Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                topic.compacted() ? "compact" : "delete",
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                replication > 1 ? "2" : "1",
                TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
                "false",
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(topic.maxBytes())));
        if (replication > 1 && !topic.compacted()) {
            settings.put(
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(topic.retention().toMillis()));
            settings.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        }
        return settings;
    }

    private void check(Admin admin) {
        TopicCheck check = new TopicCheck(replication);
        List<String> faults = new ArrayList<>();
        for (Topics.Declaration topic : topics.declarations()) {
            faults.addAll(faults(admin, check, topic));
        }
        if (!faults.isEmpty()) {
            throw new IllegalStateException(String.join("; ", faults));
        }
    }

    /// A topic just created may be unknown for a moment to the broker that is asked.
    private static List<String> faults(Admin admin, TopicCheck check, Topics.Declaration topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        for (int attempt = 1; ; attempt++) {
            try {
                var described = admin.describeTopics(List.of(topic.name())).topicNameValues();
                var settings = admin.describeConfigs(List.of(resource)).values();
                return check.faults(
                        topic,
                        get(requireNonNull(described.get(topic.name()))),
                        get(requireNonNull(settings.get(resource))));
            } catch (UnknownTopicOrPartitionException notYet) {
                if (attempt == DESCRIPTIONS) {
                    throw notYet;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
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
