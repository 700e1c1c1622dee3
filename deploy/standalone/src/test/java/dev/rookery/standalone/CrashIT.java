package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What was answered `OK true` is found after the JVM has been killed under load, and what was refused for good
/// never is.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class CrashIT {

    private static final int CRASHES = 4;
    private static final int BATCH = 200;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final CrashLoad load = new CrashLoad(seed);

    @TempDir
    Path directory;

    @Test
    void keepsItsPromisesThroughKillsUnderLoad() throws Exception {
        for (int crash = 0; crash < CRASHES; crash++) {
            try (SuiteProcess suite = SuiteProcess.serving(directory)) {
                assertPromisesKept(suite.uri());
                publishUntilKilled(suite);
            }
        }
        try (SuiteProcess suite = SuiteProcess.serving(directory)) {
            assertPromisesKept(suite.uri());
        }
        assertThat(load.kept()).as("seed " + seed).hasSizeGreaterThan(100);
        assertThat(load.newest()).as("seed " + seed).isNotEmpty();
        assertThat(load.refused()).as("seed " + seed).isNotEmpty();
    }

    private void publishUntilKilled(SuiteProcess suite) throws Exception {
        try (RelayClient client = new RelayClient(suite.uri())) {
            CompletableFuture<Void> killed = CompletableFuture.runAsync(
                    suite::killAtOnce,
                    CompletableFuture.delayedExecutor(500 + random.nextInt(3_000), TimeUnit.MILLISECONDS));
            client.publish(load).forEach(load::note);
            killed.get(1, TimeUnit.MINUTES);
        }
    }

    private void assertPromisesKept(URI relay) throws Exception {
        try (RelayClient client = new RelayClient(relay)) {
            assertThat(found(client, load.kept())).as("seed " + seed).isEqualTo(load.kept());
            assertThat(found(client, load.refused())).as("seed " + seed).isEmpty();
            for (Map.Entry<String, Event> address : load.newest().entrySet()) {
                assertThat(client.query(address.getKey()))
                        .as("seed %d: %s", seed, address.getKey())
                        .singleElement()
                        .extracting(version -> version.get("created_at").asLong())
                        .matches(createdAt -> createdAt >= address.getValue().createdAt());
            }
        }
    }

    private static Set<String> found(RelayClient client, Collection<String> ids) throws Exception {
        List<String> all = new ArrayList<>(ids);
        List<String> filters = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BATCH) {
            List<String> batch = all.subList(from, Math.min(all.size(), from + BATCH));
            filters.add("{\"ids\":[\"" + String.join("\",\"", batch) + "\"]}");
        }
        Set<String> found = new HashSet<>();
        for (List<JsonNode> events : client.query(filters)) {
            events.forEach(event -> found.add(event.get("id").asString()));
        }
        return found;
    }
}
