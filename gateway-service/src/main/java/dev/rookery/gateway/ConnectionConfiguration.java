package dev.rookery.gateway;

import dev.rookery.gateway.access.Access;
import dev.rookery.gateway.access.AccessProperties;
import dev.rookery.gateway.access.KeyProof;
import dev.rookery.gateway.connection.ConnectionBounds;
import dev.rookery.gateway.connection.ConnectionProperties;
import dev.rookery.gateway.connection.Connections;
import dev.rookery.gateway.limits.LimitsProperties;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.gateway.publish.Publishing;
import dev.rookery.gateway.question.Store;
import dev.rookery.gateway.session.Sessions;
import dev.rookery.gateway.subscription.SubscriptionProperties;
import dev.rookery.gateway.subscription.SubscriptionService;
import dev.rookery.gateway.subscription.VisibilityProperties;
import dev.rookery.signature.SignatureChecks;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Connections and what is said on them.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ConnectionProperties.class, AccessProperties.class})
class ConnectionConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    ConnectionBounds connectionBounds(ConnectionProperties properties, LimitsProperties limits) {
        int maxPerAddress = limits.enabled() ? properties.maxPerAddress() : Integer.MAX_VALUE;
        return new ConnectionBounds(properties.max(), maxPerAddress);
    }

    @Bean
    Access access(
            GatewayProperties gateway, AccessProperties properties, VisibilityProperties visibility, Clock clock) {
        KeyProof proof = new KeyProof(gateway.addresses(), SignatureChecks.best(), clock);
        return new Access(properties, visibility.visibility(), proof);
    }

    @Bean
    Sessions.Bounds sessionBounds(LimitsProperties limits, ConnectionProperties connections) {
        return new Sessions.Bounds(limits, connections.maxPendingEvents());
    }

    @Bean
    Sessions.Services sessionServices(
            Publishing publishing,
            SubscriptionService subscriptions,
            QueryClient query,
            SubscriptionProperties properties) {
        Store store = new Store(query, subscriptions::latest, properties.joinTimeout());
        return new Sessions.Services(publishing, subscriptions, store);
    }

    @Bean
    Sessions sessions(Sessions.Bounds bounds, Access access, Sessions.Services services, MeterRegistry registry) {
        return new Sessions(bounds, access, services, new Sessions.Instruments(System::nanoTime, registry));
    }

    @Bean
    Connections connections(
            ConnectionProperties properties, LimitsProperties limits, Sessions sessions, MeterRegistry registry) {
        return new Connections(
                properties,
                limits.messageBytes(),
                sessions::open,
                new Connections.Instruments(System::nanoTime, registry));
    }

    /// Ends connections before anything that answers them stops.
    @Bean
    SmartLifecycle connectionsEnd(Connections connections) {
        return new LastWord(connections::stop);
    }
}
