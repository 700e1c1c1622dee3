package dev.rookery.indexer.sweep;

import dev.rookery.indexer.chore.Chore;
import dev.rookery.indexer.chore.Chores;
import dev.rookery.indexer.postgres.Postgres;
import dev.rookery.indexer.postgres.PostgresSession;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What takes rows out of their tables' files has a thread and a connection of its own: it may take longer than other
/// chores can wait.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SweepProperties.class)
public class SweepConfiguration {

    private static final Duration EVERY = Duration.ofSeconds(1);

    @Bean
    Chore sweep(@Qualifier("housekeepingSession") PostgresSession session, MeterRegistry meters) {
        return new Chore("sweeping", EVERY, new Sweep(session, meters)::run);
    }

    @Bean
    PostgresSession vacuumingSession(Postgres postgres) {
        return postgres.vacuumingSession("vacuuming");
    }

    @Bean
    DeadRows deadRows(@Qualifier("vacuumingSession") PostgresSession session, MeterRegistry meters) {
        return new DeadRows(session, meters);
    }

    @Bean
    Chores vacuumingChores(DeadRows rows, SweepProperties properties, MeterRegistry meters) {
        return new Chores("vacuum", List.of(new Chore("vacuuming", properties.vacuumEvery(), rows::run)), meters);
    }
}
