package dev.rookery.indexer;

import dev.rookery.indexer.chore.Chore;
import dev.rookery.indexer.chore.Chores;
import dev.rookery.indexer.emission.Outbox;
import dev.rookery.indexer.lane.CatchingUp;
import dev.rookery.indexer.lane.LaneReading;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.indexer.postgres.PostgresSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.MessageListenerContainer;

/// Ready means: the database and the broker answer and take what they are given, this indexer has its part of the
/// lanes, what it decides can be emitted, and all is decided again that a database which went back had lost.
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

    private static final Duration ASK_EVERY = Duration.ofSeconds(2);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    @Bean
    Chore brokerCheck(Admin admin) {
        return new Chore("asking the broker", ASK_EVERY, () -> ask(admin));
    }

    private static void ask(Admin admin) {
        try {
            admin.describeCluster().nodes().get(ASK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("Kafka does not answer", failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /// Where the server says nothing at all, each chore waits for it in its turn, and that of one comes late.
    @Bean
    HealthIndicator database(
            @Qualifier("housekeepingSession") PostgresSession session,
            @Qualifier("chores") Chores chores,
            @Qualifier("outboxCount") Chore counting) {
        return () -> health(session.isAnswered() && chores.works(counting));
    }

    /// A database that answers may still take nothing, as when its disk is full.
    @Bean
    HealthIndicator storesHealthIndicator(Patience patience) {
        return () -> health(!patience.isWaiting());
    }

    @Bean
    HealthIndicator log(@Qualifier("chores") Chores chores, @Qualifier("brokerCheck") Chore asking) {
        return () -> health(chores.works(asking));
    }

    @Bean
    HealthIndicator lanesHealthIndicator(
            @Qualifier("liveReading") LaneReading live,
            @Qualifier("bulkReading") LaneReading bulk,
            List<MessageListenerContainer> containers) {
        return () -> health(live.placement().isPlaced()
                && bulk.placement().isPlaced()
                && containers.stream().allMatch(MessageListenerContainer::isRunning));
    }

    @Bean
    HealthIndicator outboxHealthIndicator(Outbox outbox) {
        return () -> health(!outbox.isFull());
    }

    @Bean
    CatchingUp catchingUp(@Qualifier("housekeepingSession") PostgresSession session) {
        return new CatchingUp(session);
    }

    @Bean
    Chore catchingUpCheck(CatchingUp catchingUp) {
        return new Chore("looking whether lanes catch up", LOOK_EVERY, catchingUp::look);
    }

    @Bean
    HealthIndicator epoch(CatchingUp catchingUp) {
        return () -> health(catchingUp.isOver());
    }

    private static Health health(boolean well) {
        return (well ? Health.up() : Health.down()).build();
    }
}
