package dev.rookery.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL server as a child process, on loopback, durable, with one superuser and a password of its own.
///
/// It outlives a killed JVM; the next start in the same directory ends it and goes on with its data.
public final class EmbeddedPostgres implements EmbeddedServer {

    public static final String USER = "postgres";

    /// PostgreSQL's fast shutdown: ends its clients' connections instead of waiting for them.
    private static final String FAST_SHUTDOWN = "INT";

    /// After a power cut there may be a gigabyte of log to repeat, on a slow disk.
    private static final Duration READY_BOUND = Duration.ofMinutes(10);

    private final Path directory;
    private final int wantedPort;
    private int port;
    private String password = "";
    private @Nullable DirectoryLock lock;
    private @Nullable ChildProcess process;

    /// @param port 0 for any free one
    public EmbeddedPostgres(Path directory, int port) {
        this.directory = directory.toAbsolutePath();
        this.wantedPort = port;
    }

    @Override
    public void start() throws IOException {
        lock = DirectoryLock.take(directory);
        try {
            ChildProcess.stopOrphan(directory, FAST_SHUTDOWN);
            PostgresCluster cluster = PostgresCluster.in(directory);
            password = cluster.password();
            port = FreePort.orChosen(wantedPort);
            ChildProcess.awaitNoneOf(cluster.executable());
            process = ChildProcess.start(directory, cluster.executable(), cluster.command(port));
            process.awaitReady(READY_BOUND, () -> isReady(cluster.postmasterFile(), pid()));
            assertDurable();
        } catch (IOException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    @Override
    public void close() {
        try {
            if (process != null) {
                process.stop(FAST_SHUTDOWN);
                process = null;
            }
        } catch (IOException failure) {
            throw new ServerFailedException("Could not stop PostgreSQL in " + directory, failure);
        } finally {
            if (lock != null) {
                lock.close();
                lock = null;
            }
        }
    }

    public int port() {
        return port;
    }

    public String password() {
        return password;
    }

    public long pid() {
        return process == null ? -1 : process.pid();
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public String r2dbcUrl(String database) {
        return "r2dbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), USER, password);
    }

    /// The postmaster writes its id as the first line, and its state as the eighth once it accepts connections.
    /// The file of a killed one stays behind.
    private static boolean isReady(Path postmasterFile, long pid) throws IOException {
        if (!Files.exists(postmasterFile)) {
            return false;
        }
        List<String> lines = Files.readAllLines(postmasterFile);
        return lines.size() >= 8
                && lines.getFirst().strip().equals(Long.toString(pid))
                && lines.get(7).strip().equals("ready");
    }

    private void assertDurable() {
        try (Connection connection = connect("postgres");
                var statement = connection.createStatement()) {
            for (Map.Entry<String, String> setting : PostgresCluster.DURABLE.entrySet()) {
                try (var shown = statement.executeQuery("SHOW " + setting.getKey())) {
                    if (!shown.next() || !setting.getValue().equals(shown.getString(1))) {
                        throw new ServerFailedException("PostgreSQL runs without " + setting);
                    }
                }
            }
        } catch (SQLException failure) {
            throw new ServerFailedException("PostgreSQL in " + directory + " cannot be asked", failure);
        }
    }
}
