package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/// NIP-50 as a client sees it.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class SearchedIT {

    private static final long NOW = System.currentTimeMillis() / 1000;

    @TempDir
    static Path directory;

    /// A search right after each OK finds what was stored, written to the index meanwhile or not, until it is deleted.
    @Test
    void whatIsStoredIsFoundByItsWordsFromItsOkOn() throws Exception {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("relay.limits.enabled", "false")));
        Duration bound = Duration.ofSeconds(60);
        try (Suite suite = new Suite(new StandaloneProperties(directory, "127.0.0.1", 0, bound, bound), environment);
                RelayClient client = new RelayClient(
                        URI.create("ws://" + suite.start(() -> {}).authority()))) {
            for (int i = 1; i <= 100; i++) {
                accepted(client, event(1, "Rooks nest in number" + i));
                assertThat(client.query("{\"search\":\"NUMBER" + i + " rooks\"}"))
                        .as("number %d", i)
                        .hasSize(1);
            }
            assertThat(client.query("{\"search\":\"rooks include:spam\",\"kinds\":[1]}"))
                    .hasSize(100);
            Event last = event(1, "Crows nest too");
            accepted(client, last);
            accepted(client, event(5, "", Tag.of("e", last.id().toString())));
            assertThat(client.query("{\"search\":\"crows\"}")).isEmpty();
            assertThat(client.query("{\"search\":\"%' OR 1=1 -- \\\" * ( AND : foo:bar\"}"))
                    .isEmpty();
        }
    }

    private static void accepted(RelayClient client, Event event) throws Exception {
        assertThat(client.publish(event.toString())).isEqualTo(new RelayClient.Ok(true, ""));
    }

    private static Event event(int kind, String content, Tag... tags) {
        byte[] secret = new byte[32];
        secret[31] = 1;
        return Event.of(new SchnorrSigner(secret), NOW, kind, List.of(tags), content);
    }
}
