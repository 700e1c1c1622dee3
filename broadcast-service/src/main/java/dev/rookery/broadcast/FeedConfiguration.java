package dev.rookery.broadcast;

import dev.rookery.broadcast.feed.BroadcastFeed;
import dev.rookery.broadcast.feed.BroadcastListener;
import dev.rookery.broadcast.feed.EventStore;
import dev.rookery.broadcast.feed.FeedLifecycle;
import dev.rookery.broadcast.feed.FeedMeters;
import dev.rookery.broadcast.feed.Owner;
import dev.rookery.broadcast.link.Links;
import dev.rookery.settings.KafkaProperties;
import dev.rookery.topics.BroadcastTail;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.netty.resources.LoopResources;

/// From the log and the database to the links.
@Configuration(proxyBeanMethods = false)
class FeedConfiguration {

    private static final Duration DATABASE_BOUND = Duration.ofSeconds(5);
    private static final Duration DATABASE_SILENCE = Duration.ofSeconds(1);
    private static final int DATABASE_CONNECTIONS = 2;

    @Bean
    Owner owner(ObjectProvider<BroadcastFeed> feed) {
        return new Owner("broadcast-owner", failure -> feed.getObject().failed(failure));
    }

    @Bean(destroyMethod = "dispose")
    ConnectionPool connectionPool(PostgresProperties postgres, LoopResources loops) {
        var connection = PostgresqlConnectionConfiguration.builder()
                .host(postgres.host())
                .port(postgres.port())
                .database(postgres.database())
                .username(postgres.user())
                .password(postgres.password())
                .applicationName("broadcast-service")
                .connectTimeout(DATABASE_BOUND)
                .statementTimeout(DATABASE_BOUND)
                .forceBinary(true)
                .loopResources(loops)
                .build();
        return new ConnectionPool(ConnectionPoolConfiguration.builder(new PostgresqlConnectionFactory(connection))
                .initialSize(0)
                .maxSize(DATABASE_CONNECTIONS)
                // A host that is gone without a word answers nothing on the connections to it, for as long as the
                // system tries, a quarter of an hour: so each is tried before it is used, and ends when it is silent.
                .validationDepth(ValidationDepth.REMOTE)
                .maxValidationTime(DATABASE_SILENCE)
                .acquireRetry(DATABASE_CONNECTIONS)
                .maxAcquireTime(DATABASE_BOUND)
                // To give up waiting does not end what was begun, and a server that says nothing would keep its place.
                .maxCreateConnectionTime(DATABASE_BOUND)
                .build());
    }

    @Bean
    EventStore eventStore(ConnectionPool pool) {
        return new EventStore(DatabaseClient.create(pool));
    }

    @Bean
    FeedMeters feedMeters(MeterRegistry registry) {
        return new FeedMeters(registry);
    }

    @Bean
    BroadcastFeed broadcastFeed(
            Owner owner, EventStore store, Links links, FeedMeters meters, BroadcastProperties properties) {
        return new BroadcastFeed(
                owner, store, new BroadcastFeed.Outlets(links, meters), properties.feed(), System::nanoTime);
    }

    @Bean
    BroadcastListener broadcastListener(Owner owner, BroadcastFeed feed, FeedMeters meters) {
        return new BroadcastListener(owner, feed, meters);
    }

    /// Where another service in this process follows the log too, they have one tail together.
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    BroadcastTail broadcastTail(KafkaProperties kafka, Seal seal) {
        return new BroadcastTail(kafka.settings(), new Topics(kafka.topicPrefix()), seal);
    }

    @Bean
    FeedLifecycle feedLifecycle(
            BroadcastTail tail, BroadcastListener listener, Owner owner, Links links, BroadcastProperties properties) {
        return new FeedLifecycle(tail, listener, owner, links, properties.link());
    }

    /// Ready when the ends of the log have been noted and the database has told the position after which it is read.
    @Bean
    HealthIndicator feedHealthIndicator(BroadcastFeed feed) {
        return () -> (feed.isStarted() ? Health.up() : Health.outOfService()).build();
    }
}
