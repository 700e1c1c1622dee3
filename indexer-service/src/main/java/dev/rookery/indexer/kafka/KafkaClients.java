package dev.rookery.indexer.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Makes the Kafka clients of this service. Records are bytes on both sides.
public final class KafkaClients {

    private static final String GROUP = "indexer-service";

    private final KafkaProperties properties;

    public KafkaClients(KafkaProperties properties) {
        this.properties = properties;
    }

    public String group() {
        return properties.topicPrefix() + GROUP;
    }

    public Admin admin() {
        Map<String, Object> settings = common();
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        return Admin.create(settings);
    }

    /// Acknowledged by all replicas in sync, in order, without waiting for a batch to fill.
    public Producer<byte[], byte[]> producer() {
        Map<String, Object> settings = common();
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, properties.maxBlock().toMillis());
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 8 << 20);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// A member of the group. Its positions come from the database, so it is told never to choose one.
    public Map<String, Object> groupConsumer() {
        Map<String, Object> settings = consumerSettings();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group());
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        settings.put(
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                Math.toIntExact(properties.maxPollInterval().toMillis()));
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
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
