package dev.rookery.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class EmbeddedPostgresIT {

    @TempDir
    Path directory;

    @Test
    void keepsItsDataOverARestart() throws Exception {
        try (EmbeddedPostgres first = started()) {
            write(first, "kept");
        }
        try (EmbeddedPostgres second = started()) {
            assertThat(read(second)).containsExactly("kept");
        }
    }

    @Test
    void keepsCommittedDataWhenItsProcessIsKilled() throws Exception {
        try (EmbeddedPostgres first = started()) {
            write(first, "committed");
            ProcessHandle postmaster = ProcessHandle.of(first.pid()).orElseThrow();
            postmaster.destroyForcibly();
            postmaster.onExit().get(10, TimeUnit.SECONDS);
        }
        try (EmbeddedPostgres second = started()) {
            assertThat(read(second)).containsExactly("committed");
        }
    }

    @Test
    void stopsTheOrphanOfAKilledJvmAndGoesOnWithItsData() throws Exception {
        long orphan = KilledJvm.leaving("postgres", directory);
        assertThat(ProcessHandle.of(orphan)).hasValueSatisfying(ProcessHandle::isAlive);
        try (EmbeddedPostgres next = started()) {
            assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
            assertThat(next.pid()).isNotEqualTo(orphan);
            write(next, "after");
            assertThat(read(next)).containsExactly("after");
        }
    }

    /// An upgrade of the relay is one of the server too.
    @Test
    void replacesTheProgramsOfAnotherRelease() throws Exception {
        try (EmbeddedPostgres first = started()) {
            write(first, "kept");
        }
        Path software = directory.resolve("software");
        Files.writeString(software.resolve("release"), "18.0.0");
        Files.delete(software.resolve("bin/initdb"));
        try (EmbeddedPostgres second = started()) {
            assertThat(software.resolve("bin/initdb")).exists();
            assertThat(software.resolve("release")).hasContent(PostgresBinaries.RELEASE);
            assertThat(read(second)).containsExactly("kept");
        }
    }

    @Test
    void refusesADirectoryInUse() throws Exception {
        try (EmbeddedPostgres first = started();
                EmbeddedPostgres second = new EmbeddedPostgres(directory, 0)) {
            assertThatThrownBy(second::start).isInstanceOf(ServerFailedException.class);
            write(first, "undisturbed");
        }
    }

    @Test
    void asksForThePasswordAndHidesItFromOthers() throws Exception {
        try (EmbeddedPostgres postgres = started()) {
            assertThatThrownBy(() ->
                            DriverManager.getConnection(postgres.jdbcUrl("postgres"), EmbeddedPostgres.USER, "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("password"))))
                    .isEqualTo("rw-------");
        }
    }

    private EmbeddedPostgres started() throws Exception {
        EmbeddedPostgres postgres = new EmbeddedPostgres(directory, 0);
        postgres.start();
        return postgres;
    }

    private static void write(EmbeddedPostgres postgres, String word) throws SQLException {
        try (Connection connection = postgres.connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS words (word text)");
            statement.execute("INSERT INTO words VALUES ('" + word + "')");
        }
    }

    private static List<String> read(EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = postgres.connect("postgres");
                var rows = connection.createStatement().executeQuery("SELECT array_agg(word) FROM words")) {
            rows.next();
            return List.of((String[]) rows.getArray(1).getArray());
        }
    }
}
