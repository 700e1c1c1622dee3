package dev.rookery.broadcast;

import dev.rookery.broadcast.feed.FeedProperties;
import dev.rookery.broadcast.link.LinkProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What is broadcast-service's own.
///
/// @param port for links and the actuator; 0 for any free one
/// @param address to bind to; none for all
@ConfigurationProperties(prefix = "relay.broadcast", ignoreUnknownFields = false)
public record BroadcastProperties(
        @DefaultValue("7782") int port,
        @Nullable String address,
        @NestedConfigurationProperty @DefaultValue FeedProperties feed,
        @NestedConfigurationProperty @DefaultValue LinkProperties link) {

    public BroadcastProperties {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("relay.broadcast.port is no port: " + port);
        }
    }
}
