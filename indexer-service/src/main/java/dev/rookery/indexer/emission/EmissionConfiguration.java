package dev.rookery.indexer.emission;

import dev.rookery.indexer.chore.Chore;
import dev.rookery.indexer.kafka.KafkaClients;
import dev.rookery.indexer.kafka.LateProducer;
import dev.rookery.indexer.lane.OrderWatch;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.topics.LogRecords;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EmissionProperties.class)
public class EmissionConfiguration {

    private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);

    @Bean
    Outbox outbox(
            @Qualifier("housekeepingSession") PostgresSession session,
            EmissionProperties properties,
            MeterRegistry meters) {
        return new Outbox(session, properties, meters);
    }

    /// Closed by whom it is for.
    @Bean(destroyMethod = "")
    LateProducer emissionProducer(KafkaClients clients) {
        return clients.producer();
    }

    @Bean
    EmissionPublisher emissionPublisher(
            LateProducer emissionProducer,
            LogRecords log,
            Outbox outbox,
            EmissionProperties properties,
            MeterRegistry meters) {
        return new EmissionPublisher(emissionProducer, log, outbox, properties, meters);
    }

    @Bean
    Chore acknowledgements(Outbox outbox, EmissionProperties properties) {
        return new Chore("writing acknowledgements", properties.acknowledgeEvery(), outbox::writeAcknowledgements);
    }

    @Bean
    Chore leftovers(
            @Qualifier("housekeepingSession") PostgresSession session,
            EmissionPublisher publisher,
            Outbox outbox,
            EmissionProperties properties,
            MeterRegistry meters) {
        Leftovers leftovers = new Leftovers(session, publisher, meters);
        return new Chore("emitting leftovers", properties.lookForLeftoversEvery(), () -> {
            // What is acknowledged is no longer in hand, and would be found.
            outbox.writeAcknowledgements();
            leftovers.emit();
        });
    }

    @Bean
    Chore outboxCount(Outbox outbox, OrderWatch order, EmissionProperties properties) {
        return new Chore("counting the outbox", properties.lookForLeftoversEvery(), () -> order.ask(outbox::count));
    }

    @Bean
    Chore outboxSweep(Outbox outbox) {
        return new Chore("sweeping the outbox", SWEEP_EVERY, () -> {
            outbox.sweep();
            outbox.countAll();
        });
    }
}
