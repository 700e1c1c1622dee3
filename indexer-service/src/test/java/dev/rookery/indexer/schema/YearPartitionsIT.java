package dev.rookery.indexer.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class YearPartitionsIT {

    private static final String ROWS = "select e::text from events.event e order by created_at";

    @Test
    void makesEachYearsPartitionAMonthBeforeItsFirstEvent(TestPostgres database) throws SQLException {
        Store store = new Store(database);
        store.migrate();
        assertThat(partitions(store)).contains("event_before_2021", "event_last");

        extendAt(store, "2026-11-23T00:00:00Z");
        assertThat(partitions(store)).contains("event_2021", "event_2026").doesNotContain("event_2027");
        extendAt(store, "2026-12-02T00:00:00Z");
        assertThat(partitions(store)).contains("event_2027", "event_last").doesNotContain("event_2028");
        assertThat(partitionOf(store, "2026-12-31T23:59:59Z")).isEqualTo("events.event_2026");
        assertThat(partitionOf(store, "2027-01-01T00:00:00Z")).isEqualTo("events.event_2027");
        assertThat(partitionOf(store, "2000-01-01T00:00:00Z")).isEqualTo("events.event_before_2021");
        assertThat(partitionOf(store, "2900-01-01T00:00:00Z")).isEqualTo("events.event_last");

        waitsForNobody(store, database);
        extendAt(store, "2030-06-01T00:00:00Z");
        assertThat(partitions(store)).contains("event_2028", "event_2029", "event_2030", "event_last");
    }

    /// Others ask on the same connection.
    @Test
    void leavesTheConnectionAsItWas(TestPostgres database) {
        Store store = new Store(database);
        store.migrate();
        try (PostgresSession session = store.server().session("test")) {
            new YearPartitions(session, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)).extend();
            String lockTimeout = session.ask(connection -> {
                try (ResultSet result = connection.createStatement().executeQuery("show lock_timeout")) {
                    result.next();
                    return result.getString(1);
                }
            });
            assertThat(lockTimeout).isEqualTo("0");
        }
    }

    @Test
    void movesWhatWasAcceptedBeforeItsYearWasMade(TestPostgres database) {
        Store store = new Store(database);
        store.migrate();
        store.run("truncate events.event");
        extendAt(store, "2041-01-01T00:00:00Z");
        assertThat(partitionOf(store, "2042-05-01T00:00:00Z")).isEqualTo("events.event_last");
        assertThat(partitionOf(store, "2050-05-01T00:00:00Z")).isEqualTo("events.event_last");
        List<String> before = store.column(ROWS);

        extendAt(store, "2043-01-01T00:00:00Z");
        assertThat(store.<String>column("select tableoid::regclass::text from events.event"
                        + " where created_at > 2240000000 order by created_at"))
                .containsExactly("events.event_2042", "events.event_last");
        assertThat(store.<String>column(ROWS)).isEqualTo(before);
    }

    @Test
    void leavesAloneWhatIsTooMuchToMove(TestPostgres database) {
        Store store = new Store(database);
        store.migrate();
        store.run("insert into events.event"
                + " select 3000000000 + i, sha256(i::text::bytea), i, 1, 'k', null, 0, null, '{}', ''"
                + " from generate_series(1, 10001) i");
        int year = store.<Integer>column("select events.year_to_make('event')").getFirst();
        assertThat(store.<Boolean>column("select events.extend('event', events.start_of(%d))".formatted(year)))
                .containsExactly(false);
        store.run("delete from events.event where created_at = 3000000001");
        assertThat(store.<Boolean>column("select events.extend('event', events.start_of(%d))".formatted(year)))
                .containsExactly(true);
        store.run("delete from events.event where created_at >= 3000000000");
    }

    private static void waitsForNobody(Store store, TestPostgres database) throws SQLException {
        try (Connection holder = database.connect()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("lock table events.event in row exclusive mode");
            Assertions.assertThatThrownBy(() -> extendAt(store, "2030-06-01T00:00:00Z"))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("lock timeout");
        }
    }

    private static void extendAt(Store store, String now) {
        try (PostgresSession session = store.server().session("test")) {
            new YearPartitions(session, Clock.fixed(Instant.parse(now), ZoneOffset.UTC)).extend();
        }
    }

    private static List<String> partitions(Store store) {
        return store.column("select relname from pg_inherits join pg_class on oid = inhrelid"
                + " where inhparent = 'events.event'::regclass order by 1");
    }

    private static String partitionOf(Store store, String createdAt) {
        return store.<String>column(
                        "with i as (insert into events.event"
                                + " values (?, sha256(?::text::bytea), 1, 1, 'k', null, 0, null, '{}', '')"
                                + " returning tableoid::regclass::text as part) select part from i",
                        Instant.parse(createdAt).getEpochSecond(),
                        createdAt)
                .getFirst();
    }
}
