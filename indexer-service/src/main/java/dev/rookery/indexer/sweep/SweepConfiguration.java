package dev.rookery.indexer.sweep;

import dev.rookery.indexer.chore.Chore;
import dev.rookery.indexer.postgres.PostgresSession;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
public class SweepConfiguration {

    private static final Duration EVERY = Duration.ofSeconds(1);

    @Bean
    Chore sweep(@Qualifier("housekeepingSession") PostgresSession session, MeterRegistry meters) {
        return new Chore("sweeping", EVERY, new Sweep(session, meters)::run);
    }
}
