package dev.rookery.indexer.sweep;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.indexer.decision.TestDecider;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;

/// What is left of an event in the pages of the tables and their indexes once it is gone.
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class DeadRowsIT {

    private static final long NOW = TestAuthor.NOW;

    /// Autovacuum stays away from so few rows, so nothing goes by itself while a test runs.
    private static final String CONTENT = """
            select c.oid::regclass::text from pg_class c
            where c.oid in (
                select i.inhrelid from pg_inherits i
                    where i.inhparent in ('events.event'::regclass, 'events.tag'::regclass)
                union select r.reltoastrelid from pg_class r join pg_inherits i on i.inhrelid = r.oid
                    where i.inhparent = 'events.event'::regclass
                union values ('events.identity'::regclass::oid), ('events.search'::regclass::oid))
            """;

    /// Of all pages of a table, the rows that nobody can see any more, or what is left of them in the page's list.
    private static final String DEAD = """
            select count(*) from generate_series(0, pg_relation_size(?::regclass) / 8192 - 1) page
            cross join heap_page_items(get_raw_page(?, page::int)) item
            where item.lp_flags = 3 or item.lp_flags = 1 and item.t_xmax::text <> '0'
            """;

    private static final String ENTRIES = """
            select coalesce(sum(stat.live_items + stat.dead_items), 0)
            from generate_series(1, pg_relation_size(?::regclass) / 8192 - 1) page
            cross join bt_page_stats(?, page::int) stat where stat.type in ('l', 'r') and stat.btpo_level = 0
            """;

    private final TestAuthor alice = new TestAuthor(1);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Store store;
    private TestDecider decider;
    private PostgresSession vacuuming;
    private DeadRows rows;

    @BeforeEach
    void place(TestPostgres database) {
        store = new Store(database);
        store.migrate();
        store.run("create extension if not exists pageinspect");
        store.run("truncate events.event, events.tag, events.identity, events.head, events.progress, events.outbox,"
                + " events.vanish_floor, events.vanishing, events.tombstone, events.search");
        decider = new TestDecider(database, "dead").placeAt(0, -1);
        vacuuming = store.server().vacuumingSession("test-vacuuming");
        rows = new DeadRows(vacuuming, meters);
        rows.run();
    }

    @AfterEach
    void close() {
        decider.close();
        vacuuming.close();
    }

    @Test
    void leavesNothingOfADeletedEvent() {
        Event deleted = alice.event(1, NOW, "to be deleted", Tag.of("t", "x"));
        Event kept = alice.event(1, NOW + 1, "kept", Tag.of("t", "x"));
        decider.decide(deleted, kept);
        decider.decide(alice.event(5, NOW + 2, "", Tag.of("e", deleted.id().toString())));
        assertThat(dead()).isPositive();
        round();

        assertThat(dead()).isZero();
        assertThat(entries("events.identity_pkey")).as("kept, and the request").isEqualTo(2);
        assertThat(store.number("select count(*) from events.event")).isEqualTo(2);
    }

    @Test
    void leavesNothingOfAReplacedEvent() {
        decider.decide(alice.event(0, NOW, "old"));
        decider.decide(alice.event(0, NOW + 1, "new"));
        round();
        assertThat(dead()).isZero();
        assertThat(entries("events.identity_pkey")).isOne();
    }

    /// Its text is so large, and so random, that it is kept apart from its row.
    @Test
    void leavesNothingOfAnExpiredEvent() {
        byte[] text = new byte[20_000];
        new Random(7).nextBytes(text);
        decider.decide(alice.event(1, NOW, HexFormat.of().formatHex(text), Tag.of("expiration", "99999999999")));
        store.run("update events.event set expires_at = 1");
        assertThat(decider.number("select events.sweep_expired(10)")).isOne();
        round();
        assertThat(dead()).isZero();
        assertThat(entries("events.identity_pkey")).isZero();
    }

    @Test
    void leavesNothingOfWhatHasVanished() {
        for (int i = 0; i < 30; i++) {
            decider.decide(alice.event(1, NOW - i, "note " + i, Tag.of("t", "x"), Tag.of("e", "y")));
        }
        decider.decide(alice.event(62, NOW, "", Tag.of("relay", "ALL_RELAYS")));
        while (decider.number("select events.sweep_vanished(10)") >= 0) {
            // Goes on.
        }
        round();
        assertThat(dead()).isZero();
        assertThat(entries("events.identity_pkey")).as("the request").isOne();
    }

    /// What the server counts of a table, it forgets in a crash.
    @Test
    void vacuumsWhatTheServerHasForgotten() {
        store.run("select pg_stat_reset()");
        rows.run();
        Event deleted = alice.note("to be deleted");
        decider.decide(deleted);
        decider.decide(alice.event(5, NOW + 2, "", Tag.of("e", deleted.id().toString())));
        store.run("select pg_stat_reset()");
        rows.run();
        assertThat(dead()).isZero();
    }

    /// As autovacuum does where little is dead: the server then counts no dead rows any more.
    @Test
    void takesOutOfIndexesWhatAVacuumHasLeftThere() {
        Event deleted = alice.note("to be deleted");
        decider.decide(deleted);
        decider.decide(alice.event(5, NOW + 2, "", Tag.of("e", deleted.id().toString())));
        flush();
        store.run("vacuum (index_cleanup off) events.identity");
        assertThat(entries("events.identity_pkey")).isEqualTo(2);
        rows.run();
        assertThat(dead()).isZero();
        assertThat(entries("events.identity_pkey")).isOne();
    }

    /// Where little is dead, a VACUUM by itself leaves entries in indexes too.
    @Test
    void takesOutOfIndexesHoweverLittleIsDead() {
        store.run("insert into events.identity select int8send(g), g, 1000000 + g"
                + " from generate_series(1::bigint, 20000) g");
        Event deleted = alice.note("to be deleted");
        decider.decide(deleted);
        decider.decide(alice.event(5, NOW + 2, "", Tag.of("e", deleted.id().toString())));
        long before = entries("events.identity_by_seq");
        round();
        assertThat(dead()).isZero();
        assertThat(entries("events.identity_by_seq")).isEqualTo(before - 1);
    }

    @Test
    void leavesTablesAloneInWhichNothingWent() {
        decider.decide(alice.note("stays"));
        flush();
        double before = meters.counter("rookery.indexer.vacuumed").count();
        rows.run();
        assertThat(meters.counter("rookery.indexer.vacuumed").count()).isEqualTo(before);
    }

    @Test
    void tellsWhoHoldsItBack(TestPostgres database) throws SQLException {
        Event deleted = alice.note("seen by an old snapshot");
        decider.decide(deleted);
        try (Connection reader = database.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("select count(*) from events.event");
            decider.decide(alice.event(5, NOW + 2, "", Tag.of("e", deleted.id().toString())));
            round();
            assertThat(dead()).isPositive();
            assertThat(gauge("rookery.indexer.vacuum.left")).isPositive();
            assertThat(gauge("rookery.indexer.vacuum.held.back"))
                    .as("it may have begun a moment ago")
                    .isZero();
            rows.run();
            assertThat(gauge("rookery.indexer.vacuum.held.back")).isOne();
            reader.rollback();
        }
        rows.run();
        assertThat(dead()).isZero();
        assertThat(gauge("rookery.indexer.vacuum.left")).isZero();
        assertThat(gauge("rookery.indexer.vacuum.held.back")).isZero();
    }

    /// PostgreSQL shows others who may not see what they do that they hold something, but not what they are.
    @Test
    void tellsThatItIsHeldBackToWhomTheServerTellsLittle(TestPostgres database) throws SQLException {
        String role = "plain_" + database.database();
        store.run("create role " + role + " login password 'plain' in role pg_maintain");
        store.run("grant usage on schema events to " + role);
        var plain = new TestPostgres(database.database(), database.jdbcUrl(), database.r2dbcUrl(), role, "plain");
        Event deleted = alice.note("seen by an old snapshot");
        decider.decide(deleted);
        try (PostgresSession session = new Store(plain).server().vacuumingSession("test-plain");
                Connection reader = database.connect();
                Statement statement = reader.createStatement()) {
            SimpleMeterRegistry told = new SimpleMeterRegistry();
            rows = new DeadRows(session, told);
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("select count(*) from events.event");
            decider.decide(alice.event(5, NOW + 2, "", Tag.of("e", deleted.id().toString())));
            round();
            rows.run();
            assertThat(told.get("rookery.indexer.vacuum.held.back").gauge().value())
                    .isOne();
            reader.rollback();
        }
    }

    /// A large table takes longer than a service may take to end; here somebody else is at it.
    @Test
    void endsWithTheServiceInTheMiddleOfIt(TestPostgres database) throws SQLException {
        store.run("select pg_stat_reset()");
        try (Connection other = database.connect();
                Statement statement = other.createStatement();
                var context = new GenericApplicationContext()) {
            other.setAutoCommit(false);
            statement.execute("lock table events.identity in share update exclusive mode");
            CompletableFuture<Void> round = CompletableFuture.runAsync(rows::run);
            eventually("a VACUUM waits", () -> waiting() == 1);
            rows.onApplicationEvent(new ContextClosedEvent(context));
            assertThat(round).succeedsWithin(Duration.ofSeconds(60));
            assertThat(waiting()).isZero();
            other.rollback();
        }
    }

    private long waiting() {
        return store.number("select count(*) from pg_stat_activity where application_name like '%test-vacuuming'"
                + " and wait_event_type = 'Lock'");
    }

    /// What the planner samples of a table would outlive the rows.
    @Test
    void keepsNoSamplesOfWhatEventsSay() {
        store.run("select events.extend('event', 1800000000)");
        for (int i = 0; i < 300; i++) {
            decider.decide(alice.event(1, NOW - i, "telltale " + i));
        }
        store.run("insert into events.search select g, g, int8send(g), 1, int8send(g), 'telltale'"
                + " from generate_series(1::bigint, 300) g");
        store.run("analyze");
        assertThat(store.<String>column("select tablename || '.' || attname from pg_stats"
                        + " where schemaname = 'events' and attname in ('json', 'words')"))
                .isEmpty();
        assertThat(store.<String>column("select attname from pg_stats where schemaname = 'events'"))
                .as("others are sampled")
                .contains("kind");
    }

    private void round() {
        flush();
        rows.run();
    }

    /// The server counts what a session did some seconds later, if it does nothing more.
    private void flush() {
        decider.number("select 1 from pg_stat_force_next_flush()");
    }

    private long dead() {
        List<String> tables = store.column(CONTENT);
        return tables.stream()
                .mapToLong(table -> store.number(DEAD, table, table))
                .sum();
    }

    private long entries(String index) {
        return store.number(ENTRIES, index, index);
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }
}
