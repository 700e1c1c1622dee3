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
import dev.rookery.topics.TopicSetup;
import dev.rookery.topics.Topics;
import dev.rookery.topics.VerdictMessages;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The way of an EVENT, and those it goes through.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({KafkaProperties.class, PublishProperties.class})
class PublishConfiguration {

    private static final int MOST_LOOKUPS = 100;

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

    /// Topics are made or checked first: with other numbers of partitions nothing may be written.
    @Bean(destroyMethod = "")
    Producer<byte[], byte[]> producer(KafkaProperties kafka, LimitsProperties limits, Topics topics) {
        try (Admin admin = Admin.create(kafka.shared())) {
            new TopicSetup(topics, kafka.replication()).declare(admin);
        }
        var producer = new KafkaProducer<>(
                kafka.producer(limits.messageBytes()), new ByteArraySerializer(), new ByteArraySerializer());
        locate(producer, topics.index());
        locate(producer, topics.broadcast());
        return producer;
    }

    /// Lets the producer find out where a topic is before the first event needs it. One attempt may take as long as
    /// an append may block, which on a machine that is starting everything at once is not enough.
    private static void locate(Producer<byte[], byte[]> producer, String topic) {
        for (int attempt = 1; ; attempt++) {
            try {
                producer.partitionsFor(topic);
                return;
            } catch (TimeoutException notYet) {
                if (attempt == MOST_LOOKUPS) {
                    throw notYet;
                }
            }
        }
    }

    @Bean(destroyMethod = "")
    EventLog eventLog(Producer<byte[], byte[]> producer) {
        return new EventLog(producer);
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
