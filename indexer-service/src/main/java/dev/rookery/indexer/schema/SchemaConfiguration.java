package dev.rookery.indexer.schema;

import dev.rookery.indexer.chore.Chore;
import dev.rookery.indexer.postgres.Postgres;
import dev.rookery.indexer.postgres.PostgresSession;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
public class SchemaConfiguration {

    private static final Duration EVERY = Duration.ofHours(1);

    @Bean
    EventsSchema eventsSchema(Postgres postgres) {
        return new EventsSchema(postgres);
    }

    @Bean
    YearPartitions yearPartitions(@Qualifier("housekeepingSession") PostgresSession session, Clock clock) {
        return new YearPartitions(session, clock);
    }

    @Bean
    Chore yearPartitionsChore(YearPartitions partitions) {
        return new Chore("making partitions", EVERY, partitions::extend);
    }
}
