package dev.rookery.gateway;

import dev.rookery.admission.RelayUrl;
import dev.rookery.settings.RedisUrl;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Where the gateway is.
///
/// @param secret under which records and links are sealed, shared by all processes of the suite
/// @param port for clients; 0 for any that is free
/// @param address to listen on; all of them unless one is named
/// @param publicUrl where clients connect to, `ws://` or `wss://`; what they send is compared with this and never
///     with `Host`. Without it the page shows a loopback address
/// @param gateway this gateway
/// @param redis where verdicts come from
@Validated
@ConfigurationProperties("relay")
public record GatewayProperties(
        @NotBlank @Size(min = 16) String secret,
        @DefaultValue("7777") @Min(0) @Max(65_535) int port,
        @DefaultValue("0.0.0.0") String address,
        @Nullable URI publicUrl,
        @DefaultValue Gateway gateway,
        @DefaultValue Redis redis) {

    /// @param id under which verdicts come to this gateway; one of its own is made for each start when there is none
    /// @param actuatorPort for probes and metrics; 0 for any that is free
    /// @param actuatorAddress to listen on there
    public record Gateway(
            @DefaultValue("") String id,
            @DefaultValue("7784") int actuatorPort,
            @DefaultValue("0.0.0.0") String actuatorAddress) {}

    public record Redis(
            @DefaultValue("redis://localhost:6379") String url) {

        public Redis {
            RedisUrl.check(url);
        }

        /// Without the password.
        @Override
        public String toString() {
            return "Redis[]";
        }
    }

    public GatewayProperties {
        if (publicUrl != null && !"ws".equals(publicUrl.getScheme()) && !"wss".equals(publicUrl.getScheme())) {
            throw new IllegalArgumentException("relay.public-url begins with ws:// or wss://");
        }
        if (publicUrl != null && RelayUrl.of(publicUrl).isEmpty()) {
            throw new IllegalArgumentException("relay.public-url names no host: " + publicUrl);
        }
    }

    /// Where clients are told to connect to.
    URI shownUrl() {
        return publicUrl == null ? URI.create("ws://localhost:" + port) : publicUrl;
    }

    /// What clients may call this relay.
    Set<RelayUrl> addresses() {
        return RelayUrl.ofThisRelay(publicUrl, port);
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "GatewayProperties[port=" + port + ", publicUrl=" + publicUrl + "]";
    }
}
