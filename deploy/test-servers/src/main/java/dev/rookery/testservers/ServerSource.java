package dev.rookery.testservers;

import dev.rookery.embedded.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;

/// Where the servers of a test run come from, as `rookery.test.servers` says.
enum ServerSource {
    EMBEDDED,
    CONTAINERS;

    static ServerSource chosen() {
        String name = System.getProperty("rookery.test.servers", "embedded");
        return switch (name) {
            case "embedded" -> EMBEDDED;
            case "containers" -> CONTAINERS;
            default ->
                throw new IllegalArgumentException("rookery.test.servers is embedded or containers, not " + name);
        };
    }

    /// Skips the tests, visibly, when containers are wanted where there is no Docker.
    void assumeAvailable() {
        if (this == CONTAINERS) {
            Assumptions.assumeTrue(
                    DockerClientFactory.instance().isDockerAvailable(),
                    "rookery.test.servers=containers, but there is no Docker here");
        }
    }

    /// A new directory under the module's `target`, removed by [EmbeddedHandle].
    static Path newDirectory(String server) throws IOException {
        Path parent = Files.createDirectories(Path.of("target", "test-servers"));
        return Files.createTempDirectory(parent.toAbsolutePath(), server + "-");
    }

    static EmbeddedHandle started(EmbeddedServer server, Path directory) throws IOException {
        server.start();
        return new EmbeddedHandle(server, directory);
    }
}
