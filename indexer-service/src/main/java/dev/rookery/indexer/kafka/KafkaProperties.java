package dev.rookery.indexer.kafka;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Where the log is.
///
/// @param bootstrapServers `host:port` of some brokers
/// @param topicPrefix put before each topic's name and the group's, so that several relays can share a cluster
/// @param replication copies of each partition, for topics that are not there yet
/// @param maxBlock how long sending may wait for room or for the topic to be known
/// @param maxPollInterval an indexer that is held up longer gives its lanes to another
/// @param client further settings of the Kafka clients, such as those for TLS
@Validated
@ConfigurationProperties("relay.kafka")
public record KafkaProperties(
        @DefaultValue("localhost:9092") @NotEmpty List<String> bootstrapServers,
        @DefaultValue("") @NotNull String topicPrefix,
        @DefaultValue("1") @Min(1) int replication,
        @DefaultValue("1s") Duration maxBlock,
        @DefaultValue("5m") Duration maxPollInterval,
        @DefaultValue Map<String, String> client) {

    /// Without the further settings, which may be secret.
    @Override
    public String toString() {
        return "KafkaProperties[%s, %s]".formatted(bootstrapServers, topicPrefix);
    }
}
