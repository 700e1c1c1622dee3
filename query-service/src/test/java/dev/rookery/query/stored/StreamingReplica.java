package dev.rookery.query.stored;

import dev.rookery.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/// A PostgreSQL server that streams the log of another one and applies it, except while it is held back.
final class StreamingReplica implements AutoCloseable {

    private static final Set<String> NOT_COPIED = Set.of("postmaster.pid", "postmaster.opts", "pg_replslot");

    private final Path directory;
    private EmbeddedPostgres server;

    private StreamingReplica(Path directory, EmbeddedPostgres server) {
        this.directory = directory;
        this.server = server;
    }

    /// @param from the directory of the primary
    /// @param to   an empty directory
    static StreamingReplica of(EmbeddedPostgres primary, Path from, Path to) throws IOException, SQLException {
        copyData(primary, from, to);
        Files.copy(from.resolve("password"), to.resolve("password"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(to.resolve("data/standby.signal"));
        Files.writeString(
                to.resolve("data/postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=%d user=%s password=%s'%n"
                        .formatted(primary.port(), EmbeddedPostgres.USER, primary.password()),
                StandardOpenOption.APPEND);
        EmbeddedPostgres server = new EmbeddedPostgres(to, 0);
        server.start();
        return new StreamingReplica(to, server);
    }

    private static void copyData(EmbeddedPostgres primary, Path from, Path to) throws IOException, SQLException {
        try (Connection connection = primary.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('replica', true)");
            copy(from.resolve("data"), to.resolve("data"));
            Files.createDirectory(to.resolve("data/pg_replslot"));
            try (var label = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                label.next();
                Files.writeString(to.resolve("data/backup_label"), label.getString(1));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (NOT_COPIED.contains(directory.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.copy(directory, to.resolve(from.relativize(directory)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!NOT_COPIED.contains(file.getFileName().toString())) {
                    Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                }
                return FileVisitResult.CONTINUE;
            }

            /// The server goes on while it is copied.
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    /// From now on it stays where it is; what is committed meanwhile is received, but not applied.
    void hold() {
        execute("select pg_wal_replay_pause()");
        while (!"paused".equals(ask("select pg_get_wal_replay_pause_state()"))) {
            Thread.onSpinWait();
        }
    }

    void release() {
        execute("select pg_wal_replay_resume()");
    }

    /// The last `seq` that it shows.
    long seq(String database) {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("select seq from events.sequencer")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    void restart() throws IOException {
        server = new EmbeddedPostgres(directory, server.port());
        server.start();
    }

    private void execute(String sql) {
        ask(sql);
    }

    private String ask(String sql) {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
