package dev.rookery.query;

import dev.rookery.query.answer.Answering;
import dev.rookery.query.answer.Answers;
import dev.rookery.query.stored.ViewPools;
import dev.rookery.query.stored.ViewServer;
import dev.rookery.query.window.Window;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/// From the database to the answers.
@Configuration(proxyBeanMethods = false)
class StoredConfiguration {

    private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(2);

    @Bean(destroyMethod = "close")
    ViewPools viewPools(
            PostgresProperties postgres, QueryProperties properties, LoopResources loops, MeterRegistry meters) {
        var primary = new ViewServer(
                postgres.host(), postgres.port(), postgres.database(), postgres.user(), postgres.password());
        return ViewPools.open(primary, properties.view(), loops, meters);
    }

    /// Where events are parsed and compared. What waits for it is bounded by the questions that may be under way.
    @Bean(destroyMethod = "dispose")
    Scheduler workers(QueryProperties properties) {
        return Schedulers.newParallel("query-worker", properties.workersOrProcessors(), true);
    }

    @Bean
    Answering.Rules rules(
            QueryProperties properties, VisibilityProperties visibility, SearchedKindsProperties searched) {
        var bounds =
                new Answering.Bounds(properties.answer(), properties.search(), properties.count(), properties.sync());
        return new Answering.Rules(bounds, visibility.visibility(), searched.kinds());
    }

    @Bean
    Answering answering(ViewPools pools, Answering.Rules rules, Clock clock, Scheduler workers) {
        return new Answering(pools.views(), pools.order(), rules, clock, workers);
    }

    @Bean
    Answers answers(Answering answering, Window window, MeterRegistry meters) {
        return new Answers(answering, window, meters);
    }

    /// Ready while some view answers, and what it says is complete.
    @Bean
    ReactiveHealthIndicator storedHealthIndicator(ViewPools pools) {
        return () -> pools.order()
                .reached()
                .timeout(HEALTH_PATIENCE)
                .map(at -> Health.up().withDetail("position", at.toString()).build())
                .onErrorResume(gone -> Mono.just(Health.outOfService().build()));
    }
}
