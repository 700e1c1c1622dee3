package dev.rookery.indexer.kafka;

import dev.rookery.topics.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Makes the Kafka clients of this service. Records are bytes on both sides.
public final class KafkaClients {

    private static final String GROUP = "indexer-service";
    /// How long the lanes of an indexer that was killed wait for another. One that was only slow is recognised as
    /// overtaken, so it may be short.
    private static final int SESSION_MILLIS = 10_000;

    private static final int BULK_FETCH_BYTES = 64 << 10;
    private static final int BULK_FETCH_WAIT_MILLIS = 2_000;

    private final KafkaProperties properties;

    public KafkaClients(KafkaProperties properties) {
        this.properties = properties;
    }

    /// Of those who read `nostr.index`.
    public String group() {
        return properties.topicPrefix() + GROUP;
    }

    /// Of those who read `nostr.bulk`: the same indexers, in a group of their own, so that a change in the one does not
    /// hold up the other.
    public String bulkGroup() {
        return group() + ".bulk";
    }

    public Admin admin() {
        Map<String, Object> settings = common();
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        return Admin.create(settings);
    }

    /// Acknowledged by all replicas in sync, in order, without waiting for a batch to fill. One request to a broker at
    /// a time: what comes meanwhile goes together, and a request costs nearly the same whatever it carries.
    public LateProducer producer() {
        Map<String, Object> settings = common();
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, properties.maxBlock().toMillis());
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_DEAD_LETTER_BYTES);
        return new LateProducer(
                () -> new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /// A member of the group that reads `nostr.index`.
    public Map<String, Object> groupConsumer() {
        Map<String, Object> settings = member(group());
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Gathering.ENOUGH);
        return settings;
    }

    /// A member of the group that reads `nostr.bulk`: seldom, and much at once.
    ///
    /// @param maxRecords what it takes in hand at a time
    public Map<String, Object> bulkConsumer(int maxRecords) {
        Map<String, Object> settings = member(bulkGroup());
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxRecords);
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, BULK_FETCH_BYTES);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, BULK_FETCH_WAIT_MILLIS);
        return settings;
    }

    /// Positions come from the database, so it is told never to choose one.
    private Map<String, Object> member(String group) {
        Map<String, Object> settings = consumerSettings();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        settings.put(
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                Math.toIntExact(properties.maxPollInterval().toMillis()));
        return settings;
    }

    /// A consumer without a group, to look something up in the log.
    public Consumer<byte[], byte[]> reader() {
        return new KafkaConsumer<>(consumerSettings(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> settings = common();
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        return settings;
    }

    private Map<String, Object> common() {
        Map<String, Object> settings = new HashMap<>(properties.client());
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, properties.bootstrapServers());
        // Several services in one JVM would register the same names with JMX.
        settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        settings.put("enable.metrics.push", false);
        return settings;
    }
}
