package dev.rookery.gateway;

import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Where the log is, and how events are written to it.
///
/// @param bootstrapServers `host:port` of some brokers
/// @param topicPrefix put before each topic's name; empty for the first relay of a cluster
/// @param replication copies of each partition, for topics that are not there yet
/// @param deliveryTimeout how long an append may take before the client is answered `error:`
/// @param maxBlock how long an append may wait for room or for where the topic is
/// @param client further settings of the Kafka client, such as those for TLS
@Validated
@ConfigurationProperties("relay.kafka")
public record KafkaProperties(
        @DefaultValue("localhost:9092") @NotEmpty List<String> bootstrapServers,
        @DefaultValue("") String topicPrefix,
        @DefaultValue("1") int replication,
        @DefaultValue("3s") Duration deliveryTimeout,
        @DefaultValue("250ms") Duration maxBlock,
        @DefaultValue Map<String, String> client) {

    private static final int BUFFER_BYTES = 32 << 20;
    private static final int BATCH_BYTES = 64 << 10;

    /// What a record's key and headers take, and more.
    private static final int OVERHEAD_BYTES = 16 << 10;

    Map<String, Object> shared() {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        return settings;
    }

    /// Batches form by themselves while a request is under way: waiting for them would only cost time. One request to a
    /// broker at a time, because what a request costs depends little on what it carries.
    Map<String, Object> producer(int largestEvent) {
        Map<String, Object> settings = shared();
        int timeout = (int) deliveryTimeout.toMillis();
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(BUFFER_BYTES, 4L * largestEvent));
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Math.max(1 << 20, largestEvent + OVERHEAD_BYTES));
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, maxBlock.toMillis());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout / 2);
        settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(1).toMillis());
        return settings;
    }
}
