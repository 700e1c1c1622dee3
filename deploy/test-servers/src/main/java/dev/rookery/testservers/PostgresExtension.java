package dev.rookery.testservers;

import dev.rookery.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// Injects [TestPostgres]; `@ExtendWith(PostgresExtension.class)` on the test class.
public final class PostgresExtension extends ServerExtension<PostgresServer, TestPostgres> {

    private static final String IMAGE = "postgres:18";

    public PostgresExtension() {
        super(PostgresServer.class, TestPostgres.class);
    }

    @Override
    PostgresServer startServer(ServerSource source) {
        return switch (source) {
            case EMBEDDED -> embedded();
            case CONTAINERS -> container();
        };
    }

    @Override
    TestPostgres part(PostgresServer server, String owner) {
        return server.newDatabase(owner);
    }

    private static PostgresServer embedded() {
        try {
            Path directory = ServerSource.newDirectory("postgres");
            EmbeddedPostgres postgres = new EmbeddedPostgres(directory, 0);
            EmbeddedHandle handle = ServerSource.started(postgres, directory);
            return new PostgresServer(
                    "127.0.0.1:" + postgres.port(), EmbeddedPostgres.USER, postgres.password(), handle);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static PostgresServer container() {
        PostgreSQLContainer postgres = new PostgreSQLContainer(IMAGE).withUsername("postgres");
        // Testcontainers turns fsync off; the promises under test rest on it.
        postgres.setCommand("postgres", "-c", "fsync=on", "-c", "jit=off");
        postgres.start();
        String address = postgres.getHost() + ":" + postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT);
        return new PostgresServer(address, postgres.getUsername(), postgres.getPassword(), postgres);
    }
}
