package dev.rookery.query;

import dev.rookery.query.answer.AnswerProperties;
import dev.rookery.query.answer.CountProperties;
import dev.rookery.query.answer.SearchProperties;
import dev.rookery.query.answer.SyncProperties;
import dev.rookery.query.link.LinkProperties;
import dev.rookery.query.stored.ViewProperties;
import dev.rookery.query.window.WindowProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What is query-service's own.
///
/// @param port    for links and the actuator; 0 for any free one
/// @param address to bind to; none for all
/// @param workers threads that parse and compare events; 0 for as many as there are processors
@ConfigurationProperties(prefix = "relay.query", ignoreUnknownFields = false)
public record QueryProperties(
        @DefaultValue("7781") int port,
        @Nullable String address,
        @DefaultValue("0") int workers,
        @NestedConfigurationProperty @DefaultValue ViewProperties view,
        @NestedConfigurationProperty @DefaultValue WindowProperties window,
        @NestedConfigurationProperty @DefaultValue AnswerProperties answer,
        @NestedConfigurationProperty @DefaultValue SearchProperties search,
        @NestedConfigurationProperty @DefaultValue CountProperties count,
        @NestedConfigurationProperty @DefaultValue SyncProperties sync,
        @NestedConfigurationProperty @DefaultValue LinkProperties link) {

    public QueryProperties {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("relay.query.port is no port: " + port);
        }
        if (workers < 0) {
            throw new IllegalArgumentException("relay.query.workers is negative: " + workers);
        }
    }

    int workersOrProcessors() {
        return workers == 0 ? Runtime.getRuntime().availableProcessors() : workers;
    }
}
