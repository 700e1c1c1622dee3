package dev.rookery.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the log is, for services that read it.
///
/// @param bootstrapServers `host:port` of some brokers
/// @param topicPrefix put before each topic's name; empty for the first relay of a cluster
/// @param client further settings of the Kafka client, such as those for TLS
@ConfigurationProperties("relay.kafka")
public record KafkaProperties(
        @DefaultValue("localhost:9092") List<String> bootstrapServers,
        @DefaultValue("") String topicPrefix,
        @DefaultValue Map<String, String> client) {

    public KafkaProperties {
        if (bootstrapServers.isEmpty()) {
            throw new IllegalArgumentException("relay.kafka.bootstrap-servers names no broker");
        }
    }

    public Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return settings;
    }
}
