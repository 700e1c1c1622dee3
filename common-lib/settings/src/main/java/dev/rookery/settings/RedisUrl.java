package dev.rookery.settings;

import java.net.URI;
import java.net.URISyntaxException;

/// The address of Redis, `redis://[:password@]host:port`.
public final class RedisUrl {

    private RedisUrl() {}

    /// Refuses what would be refused later with the password in the message.
    public static void check(String url) {
        try {
            var _ = new URI(url);
        } catch (URISyntaxException withThePassword) {
            throw new IllegalArgumentException(
                    "relay.redis.url is not a URL: in a password, what is neither a letter nor"
                            + " a digit is written as a percent sign and its byte in hex");
        }
    }
}
