package dev.rookery.indexer.verdict;

import dev.rookery.settings.RedisUrl;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Where verdicts are published.
///
/// @param url `redis://[:password@]host:port`
/// @param timeout after this a verdict that Redis has not taken counts as dropped
@Validated
@ConfigurationProperties("relay.redis")
public record RedisProperties(
        @DefaultValue("redis://localhost:6379") @NotBlank String url,
        @DefaultValue("2s") Duration timeout) {

    public RedisProperties {
        RedisUrl.check(url);
    }

    /// Without the password.
    @Override
    public String toString() {
        return "RedisProperties[timeout=" + timeout + "]";
    }
}
