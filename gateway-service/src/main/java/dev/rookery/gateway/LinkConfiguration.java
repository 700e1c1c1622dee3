package dev.rookery.gateway;

import dev.rookery.gateway.link.LinkProperties;
import dev.rookery.gateway.link.Links;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.gateway.position.Reached;
import dev.rookery.gateway.subscription.SubscriptionProperties;
import dev.rookery.gateway.subscription.SubscriptionService;
import dev.rookery.gateway.subscription.VisibilityProperties;
import dev.rookery.topics.Seal;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.resources.LoopResources;

/// Links to query-service and broadcast-service, and what comes over them.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LinkProperties.class, SubscriptionProperties.class, VisibilityProperties.class})
class LinkConfiguration {

    @Bean
    GatewayId gatewayId(GatewayProperties properties) {
        String id = properties.gateway().id();
        return new GatewayId(id.isBlank() ? UUID.randomUUID().toString() : id);
    }

    /// One of the loops that carry connections: all live events come in on it.
    @Bean(destroyMethod = "")
    EventLoop feedLoop(LoopResources gatewayLoops) {
        return gatewayLoops.onServer(LoopResources.DEFAULT_NATIVE).next();
    }

    @Bean
    QueryClient queryClient() {
        return new QueryClient();
    }

    @Bean
    SubscriptionService.Rules subscriptionRules(SubscriptionProperties properties, VisibilityProperties visibility) {
        return new SubscriptionService.Rules(properties, visibility.visibility());
    }

    @Bean
    SubscriptionService subscriptionService(
            QueryClient query,
            SubscriptionService.Rules rules,
            Reached reached,
            EventLoop feedLoop,
            Instruments instruments) {
        return new SubscriptionService(query, rules, reached, feedLoop, instruments.ofSubscriptions());
    }

    @Bean
    Instruments instruments(Clock clock, MeterRegistry registry) {
        return new Instruments(clock, registry);
    }

    record Instruments(Clock clock, MeterRegistry registry) {

        SubscriptionService.Instruments ofSubscriptions() {
            return new SubscriptionService.Instruments(clock, registry);
        }
    }

    @Bean(initMethod = "start")
    Links links(
            LinkProperties properties,
            Links.Identity identity,
            LoopResources gatewayLoops,
            QueryClient query,
            Links.Feed feed) {
        return new Links(properties, identity, gatewayLoops.onServer(LoopResources.DEFAULT_NATIVE), query, feed);
    }

    /// Ready with both links, and a position behind which live events are told.
    @Bean
    HealthIndicator linksHealthIndicator(QueryClient query, SubscriptionService subscriptions) {
        return () -> (query.isLinked() && subscriptions.isReady() ? Health.up() : Health.outOfService())
                .withDetail("query", query.isLinked())
                .withDetail("broadcast", subscriptions.isReady())
                .build();
    }

    @Bean
    Links.Identity linkIdentity(GatewayId id, Seal seal) {
        return new Links.Identity(id.value(), seal.linkToken());
    }

    @Bean
    Links.Feed linkFeed(EventLoop feedLoop, SubscriptionService subscriptions) {
        return new Links.Feed(feedLoop, subscriptions.feed());
    }
}
