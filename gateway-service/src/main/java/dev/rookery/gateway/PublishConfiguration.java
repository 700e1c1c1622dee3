package dev.rookery.gateway;

import dev.rookery.gateway.limits.LimitsProperties;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.gateway.position.Reached;
import dev.rookery.gateway.publish.EventLog;
import dev.rookery.gateway.publish.PublishParts;
import dev.rookery.gateway.publish.PublishPolicy;
import dev.rookery.gateway.publish.PublishProperties;
import dev.rookery.gateway.publish.Publishing;
import dev.rookery.gateway.publish.StatusSource;
import dev.rookery.gateway.publish.VerdictListener;
import dev.rookery.gateway.publish.VerdictSource;
import dev.rookery.signature.SignatureChecks;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import dev.rookery.topics.VerdictMessages;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The way of an EVENT, and those it goes through.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({KafkaProperties.class, PublishProperties.class})
class PublishConfiguration {

    @Bean
    Reached reached() {
        return new Reached();
    }

    @Bean
    Topics topics(KafkaProperties kafka) {
        return new Topics(kafka.topicPrefix());
    }

    @Bean
    Seal seal(GatewayProperties properties) {
        return new Seal(properties.secret());
    }

    @Bean(destroyMethod = "")
    EventLog eventLog() {
        return new EventLog();
    }

    @Bean
    LogOpening logOpening(KafkaProperties kafka, Topics topics, LimitsProperties limits, EventLog log) {
        Map<String, Object> settings = kafka.producer(limits.messageBytes());
        Supplier<Producer<byte[], byte[]>> producers =
                () -> new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        return new LogOpening(kafka, topics, producers, log);
    }

    /// Without the log no event can be taken. Once it is open it may fail: then events are refused, and reading goes
    /// on.
    @Bean
    HealthIndicator logHealthIndicator(EventLog log) {
        return () -> (log.isOpen() ? Health.up() : Health.outOfService()).build();
    }

    @Bean
    StatusSource statusSource(QueryClient query) {
        return query::status;
    }

    @Bean
    VerdictSource verdictListener(GatewayProperties properties, GatewayId id, Topics topics, Seal seal) {
        VerdictMessages messages = new VerdictMessages(topics, seal);
        return new VerdictListener(properties.redis().url(), id.value(), messages);
    }

    @Bean
    PublishParts.Logging logging(EventLog log, Topics topics, Seal seal, GatewayId id) {
        return new PublishParts.Logging(log, new LogRecords(topics, seal), id.value());
    }

    @Bean
    PublishParts.Deciding deciding(Reached reached, StatusSource statuses, VerdictSource verdicts) {
        return new PublishParts.Deciding(reached, statuses, verdicts);
    }

    @Bean
    PublishParts.Instruments publishInstruments(MeterRegistry registry) {
        return new PublishParts.Instruments(System::nanoTime, registry);
    }

    @Bean
    Publishing publishing(
            PublishProperties properties,
            PublishPolicy policy,
            PublishParts.Logging logging,
            PublishParts.Deciding deciding,
            PublishParts.Instruments instruments) {
        Publishing publishing = new Publishing(properties, policy, logging, deciding, instruments);
        publishing.start();
        deciding.verdicts().start(publishing::decided);
        return publishing;
    }

    @Bean
    PublishPolicy publishPolicy(LimitsProperties limits, Clock clock) {
        return new PublishPolicy(limits, SignatureChecks.best(), clock, System::nanoTime);
    }
}
