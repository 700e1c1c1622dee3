package dev.rookery.indexer;

import dev.rookery.indexer.kafka.KafkaClients;
import dev.rookery.indexer.kafka.KafkaProperties;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.indexer.postgres.Postgres;
import dev.rookery.indexer.postgres.PostgresProperties;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Seal;
import dev.rookery.topics.TopicSetup;
import dev.rookery.topics.Topics;
import dev.rookery.topics.VerdictMessages;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The stores, and what this service shares with the others: topics, the form of records, the secret.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    SuiteProperties.class,
    IndexerProperties.class,
    PostgresProperties.class,
    KafkaProperties.class
})
class StoreConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Patience patience(MeterRegistry meters) {
        return new Patience(meters);
    }

    @Bean
    Postgres postgres(PostgresProperties properties) {
        return new Postgres(properties);
    }

    /// The thread's that reads `nostr.index`.
    @Bean
    PostgresSession decidingSession(Postgres postgres) {
        return postgres.session("deciding");
    }

    /// The thread's that reads `nostr.bulk`.
    @Bean
    PostgresSession bulkSession(Postgres postgres) {
        return postgres.session("deciding-bulk");
    }

    /// The housekeeping thread's. Acknowledgements and claims that are lost have something emitted twice, which does no
    /// harm, and what is swept again is gone again.
    @Bean
    PostgresSession housekeepingSession(Postgres postgres) {
        return postgres.choreSession("housekeeping");
    }

    @Bean
    KafkaClients kafkaClients(KafkaProperties properties) {
        return new KafkaClients(properties);
    }

    @Bean
    Admin admin(KafkaClients clients) {
        return clients.admin();
    }

    @Bean
    Topics topics(KafkaProperties properties) {
        return new Topics(properties.topicPrefix());
    }

    @Bean
    DeclaredTopics declaredTopics(Topics topics, KafkaProperties properties, Admin admin) {
        return new DeclaredTopics(new TopicSetup(topics, properties.replication()), admin);
    }

    @Bean
    Seal seal(SuiteProperties suite) {
        return new Seal(suite.secret());
    }

    @Bean
    LogRecords logRecords(Topics topics, Seal seal) {
        return new LogRecords(topics, seal);
    }

    @Bean
    VerdictMessages verdictMessages(Topics topics, Seal seal) {
        return new VerdictMessages(topics, seal);
    }
}
