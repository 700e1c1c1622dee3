package dev.rookery.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SuiteDatabaseIT {

    private static final String SECRET = "secret";

    @TempDir
    Path directory;

    /// It answers in the meantime, to who only reads, and takes its time to look for more of the log.
    @Test
    void isPreparedOnceTheServerHasRecoveredFromABackup() throws Exception {
        try (EmbeddedPostgres first = new EmbeddedPostgres(directory, 0)) {
            first.start();
            new SuiteDatabase(first, SECRET).prepare();
        }
        Path data = directory.resolve("data");
        Files.createFile(data.resolve("recovery.signal"));
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                "restore_command = 'sleep 2; false'\n",
                StandardOpenOption.APPEND);
        try (EmbeddedPostgres restored = new EmbeddedPostgres(directory, 0)) {
            restored.start();
            SuiteDatabase database = new SuiteDatabase(restored, SECRET);
            database.prepare();
            assertThat(database.isNew()).isFalse();
            try (Connection connection = restored.connect(SuiteDatabase.NAME);
                    var statement = connection.createStatement()) {
                statement.execute("create table words (word text)");
            }
        }
    }
}
