package dev.rookery.standalone;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/// The whole suite inside this JVM, for what clients see of it, and those who sign what they send.
final class LocalRelay implements AutoCloseable {

    /// What it believes to be called.
    static final String URL = "wss://relay.example";

    private final Suite suite;
    private final URI address;
    private int keys;

    LocalRelay(Path directory) throws Exception {
        this(directory, Map.of());
    }

    /// @param settings besides those of every such relay
    LocalRelay(Path directory, Map<String, Object> settings) throws Exception {
        Map<String, Object> all = new HashMap<>(settings);
        all.putAll(Map.of("relay.limits.enabled", "false", "relay.public-url", URL));
        // However slow the machine: verdicts are what tests wait for.
        all.put("relay.publish.verdict-within", "60s");
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", all));
        Duration bound = Duration.ofSeconds(60);
        suite = new Suite(new StandaloneProperties(directory, "127.0.0.1", 0, bound, bound), environment);
        address = URI.create("ws://" + suite.start(() -> {}).authority());
    }

    RelayClient client() {
        return new RelayClient(address);
    }

    /// With a key that nobody else has here.
    SchnorrSigner author() {
        byte[] secret = new byte[32];
        secret[30] = (byte) (++keys >> 8);
        secret[31] = (byte) keys;
        return new SchnorrSigner(secret);
    }

    static Event event(SchnorrSigner author, long createdAt, int kind, String content, Tag... tags) {
        return Event.of(author, createdAt, kind, List.of(tags), content);
    }

    static long now() {
        return System.currentTimeMillis() / 1000;
    }

    @Override
    public void close() {
        suite.close();
    }
}
