package dev.rookery.indexer.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.indexer.fixture.Store;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// That what the order rests on is not left to the defaults of a server that others administer.
@ExtendWith(PostgresExtension.class)
@Timeout(60)
class SessionIT {

    @Test
    void goesByItsOwnSettingsWhateverTheDatabaseHas(TestPostgres database) {
        Store store = new Store(database);
        String alter = "alter database \"%s\" set ".formatted(database.database());
        store.run(alter + "default_transaction_isolation = 'repeatable read'");
        store.run(alter + "synchronous_commit = off");
        store.run(alter + "transaction_timeout = '1h'");
        try (PostgresSession session = store.server().session("test")) {
            assertThat(shown(session, "transaction_isolation")).isEqualTo("read committed");
            assertThat(shown(session, "synchronous_commit")).isEqualTo("on");
            assertThat(shown(session, "transaction_timeout")).isEqualTo("5s");
        }
    }

    @Test
    void waitsForTheDiskNotForWhatWouldBeDoneAgain(TestPostgres database) {
        Store store = new Store(database);
        store.run("alter database \"%s\" set transaction_timeout = '1h'".formatted(database.database()));
        try (PostgresSession session = store.server().choreSession("test")) {
            assertThat(shown(session, "synchronous_commit")).isEqualTo("off");
            assertThat(shown(session, "transaction_timeout")).isEqualTo("5s");
        }
    }

    @Test
    void givesOneQuestionLongerThanOthers(TestPostgres database) {
        Store store = new Store(database);
        store.run("alter database \"%s\" set statement_timeout = '3s'".formatted(database.database()));
        try (PostgresSession session = store.server().session("test")) {
            assertThat(shown(session, "statement_timeout")).isEqualTo("3s");
            session.askWithin(Duration.ofMinutes(2), connection -> {
                assertThat(shown(connection, "transaction_timeout")).isEqualTo("2min");
                assertThat(shown(connection, "statement_timeout")).isEqualTo("0");
                assertThat(connection.getNetworkTimeout()).isGreaterThan(120_000);
                return true;
            });
            assertThat(shown(session, "transaction_timeout")).isEqualTo("5s");
            assertThat(session.ask(Connection::getNetworkTimeout)).isLessThan(120_000);
        }
    }

    private static String shown(PostgresSession session, String setting) {
        return session.ask(connection -> shown(connection, setting));
    }

    private static String shown(Connection connection, String setting) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("show " + setting)) {
            result.next();
            return result.getString(1);
        }
    }

    @Test
    void boundsTheTransactionsOfAReadingRoleThatWasThereBefore(TestPostgres database) {
        Store store = new Store(database);
        store.migrate();
        store.run("alter role rookery_query reset all");
        store.run("drop schema events cascade");
        store.migrate();
        assertThat(store.<String>column(
                        "select array_to_string(rolconfig, ' ') from pg_roles where rolname = 'rookery_query'"))
                .singleElement()
                .asString()
                .contains("transaction_timeout=30s", "default_transaction_read_only=on");
    }
}
