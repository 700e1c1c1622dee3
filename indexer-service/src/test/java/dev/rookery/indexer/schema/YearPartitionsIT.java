package dev.rookery.indexer.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
@Timeout(60)
class YearPartitionsIT {

    @Test
    void makesEachYearsPartitionAMonthBeforeItsFirstEvent(TestPostgres database) throws SQLException {
        Store store = new Store(database);
        store.migrate();
        assertThat(partitions(store)).containsExactly("event_before_2021", "event_last");

        extendAt(store, "2026-11-23T00:00:00Z");
        assertThat(partitions(store)).contains("event_2021", "event_2026").doesNotContain("event_2027");
        extendAt(store, "2026-12-02T00:00:00Z");
        assertThat(partitions(store)).contains("event_2027", "event_last").doesNotContain("event_2028");
        assertThat(partitionOf(store, "2026-12-31T23:59:59Z")).isEqualTo("events.event_2026");
        assertThat(partitionOf(store, "2027-01-01T00:00:00Z")).isEqualTo("events.event_2027");
        assertThat(partitionOf(store, "2000-01-01T00:00:00Z")).isEqualTo("events.event_before_2021");
        assertThat(partitionOf(store, "2900-01-01T00:00:00Z")).isEqualTo("events.event_last");

        extendAt(store, "2030-06-01T00:00:00Z");
        assertThat(partitions(store)).as("the last one is not empty").doesNotContain("event_2028");
        store.run("delete from events.event");
        waitsForNobody(store, database);
        extendAt(store, "2030-06-01T00:00:00Z");
        assertThat(partitions(store)).contains("event_2028", "event_2029", "event_2030", "event_last");
    }

    private static void waitsForNobody(Store store, TestPostgres database) throws SQLException {
        try (Connection holder = database.connect()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("lock table events.event in row exclusive mode");
            Assertions.assertThatThrownBy(() -> extendAt(store, "2030-06-01T00:00:00Z"))
                    .isInstanceOf(StoreUnavailableException.class);
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
                        "with i as (insert into events.event values (?, sha256(?::text::bytea), 1, 1, 'k', 0, null, '{}', '')"
                                + " returning tableoid::regclass::text as part) select part from i",
                        Instant.parse(createdAt).getEpochSecond(),
                        createdAt)
                .getFirst();
    }
}
