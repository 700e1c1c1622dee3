package dev.rookery.faults.store;

import dev.rookery.embedded.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// PostgreSQL's data directory, and one earlier state of it.
public final class DatabaseDirectory {

    private static final String LOG = "pg_wal";

    private final Path data;
    private final Path earlier;

    /// @param home what the server runs in
    public DatabaseDirectory(Path home) {
        this.data = home.resolve("data");
        this.earlier = home.resolve("earlier");
    }

    /// Keeps the bytes as they are, as a snapshot of a volume does. To be called with the server stopped.
    public void copy() throws IOException {
        Directories.delete(earlier);
        Copy.of(data, earlier);
    }

    /// Keeps a base backup, made while the server works.
    ///
    /// @param superuser the connection that it is made over
    public void backUp(Connection superuser) throws IOException, SQLException {
        Directories.delete(earlier);
        try (Statement statement = superuser.createStatement()) {
            statement.execute("select pg_backup_start('earlier', true)");
            Copy.of(data, earlier, directory -> !directory.endsWith(LOG));
            Files.deleteIfExists(earlier.resolve("postmaster.pid"));
            try (ResultSet stopped = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                stopped.next();
                Files.writeString(earlier.resolve("backup_label"), stopped.getString(1));
            }
        }
        Copy.of(data.resolve(LOG), earlier.resolve(LOG));
    }

    /// Goes back to what was kept. To be called with the server stopped.
    public void putBack() throws IOException {
        Directories.delete(data);
        Files.move(earlier, data);
    }

    /// Leaves nothing, so that the server begins empty. To be called with the server stopped.
    public void delete() throws IOException {
        Directories.delete(data);
    }

    /// Goes back to what was kept by recovery, as an operator restores a backup: the server begins a new timeline. To
    /// be called with the server stopped.
    public void restore() throws IOException {
        putBack();
        Files.createFile(data.resolve("recovery.signal"));
        Files.writeString(
                data.resolve("postgresql.auto.conf"), "restore_command = 'false'\n", StandardOpenOption.APPEND);
    }
}
