package dev.rookery.indexer.search;

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

/// The index of words has a thread and a connection of its own: to cut a backlog, or to merge what its index has
/// put off, may take longer than other chores can wait.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SearchProperties.class)
public class SearchConfiguration {

    private static final Duration WRITE_EVERY = Duration.ofMillis(100);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

    /// Words that are lost are written again: how far they go is lost with them.
    @Bean
    PostgresSession searchSession(Postgres postgres) {
        return postgres.choreSession("search");
    }

    @Bean
    Chores searchChores(
            @Qualifier("searchSession") PostgresSession session, SearchProperties properties, MeterRegistry meters) {
        WordIndex index = new WordIndex(session, properties.kinds(), meters);
        return new Chores(
                "search",
                List.of(
                        new Chore("writing words", WRITE_EVERY, index::run),
                        new Chore("sweeping words", SWEEP_EVERY, index::sweep)),
                meters);
    }
}
