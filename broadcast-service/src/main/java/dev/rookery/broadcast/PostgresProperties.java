package dev.rookery.broadcast;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the primary database is, and as whom it is read.
///
/// @param user a role that may read the schema `events`
@ConfigurationProperties("relay.postgres")
public record PostgresProperties(
        @DefaultValue("localhost") String host,
        @DefaultValue("5432") int port,
        @DefaultValue("rookery") String database,
        @DefaultValue("rookery_query") String user,
        @DefaultValue("") String password) {

    public PostgresProperties {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("relay.postgres.port is no port: " + port);
        }
    }

    /// Without the password.
    @Override
    public String toString() {
        return "PostgresProperties[%s@%s:%d/%s]".formatted(user, host, port, database);
    }
}
