package dev.rookery.indexer.postgres;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Where the database is.
///
/// @param user owns the schema `events`
/// @param password empty where the server asks for none
/// @param transactionTimeout after this, the server ends a transaction of this service, and with it its turn in the
///     order
/// @param connectTimeout how long one attempt to connect may take
@Validated
@ConfigurationProperties("relay.postgres")
public record PostgresProperties(
        @DefaultValue("localhost") @NotBlank String host,
        @DefaultValue("5432") @Min(1) @Max(65_535) int port,
        @DefaultValue("rookery") @NotBlank String database,
        @DefaultValue("rookery_indexer") @NotBlank String user,
        @DefaultValue("") String password,
        @DefaultValue("5s") Duration transactionTimeout,
        @DefaultValue("5s") Duration connectTimeout) {

    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + database;
    }
}
