package dev.rookery.testservers;

import dev.rookery.embedded.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /// False when containers are wanted where there is no Docker.
    boolean isAvailable() {
        return this != CONTAINERS || DockerClientFactory.instance().isDockerAvailable();
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
