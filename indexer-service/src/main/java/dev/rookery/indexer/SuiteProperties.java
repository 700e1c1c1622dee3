package dev.rookery.indexer;

import dev.rookery.admission.RelayUrl;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// What all processes of the suite share.
///
/// @param secret under which records are sealed
/// @param port of the gateway, which clients name when there is no public address
/// @param publicUrl where clients connect to; requests to vanish from there are for this relay
@Validated
@ConfigurationProperties("relay")
record SuiteProperties(
        @NotNull @Size(min = 16) String secret,
        @DefaultValue("7777") int port,
        @Nullable URI publicUrl) {

    /// What clients may call this relay.
    Set<RelayUrl> addresses() {
        return RelayUrl.ofThisRelay(publicUrl, port);
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "SuiteProperties[]";
    }
}
