package dev.rookery.indexer.sweep;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Sweeps of a database that takes longer for each row than it should.
@ExtendWith(PostgresExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SlowSweepIT {

    private static final int EXPIRED = 30;

    private Store store;
    private PostgresSession session;
    private Sweep sweep;

    @BeforeEach
    void fill(TestPostgres database) {
        store = new Store(database);
        store.migrate();
        store.run("truncate events.event, events.identity, events.vanishing");
        store.run("insert into events.event (created_at, id, seq, kind, pubkey, origin, expires_at, tag_hashes, json)"
                + " select 1, sha256(int8send(g)), g, 1, 'bob', 0, 2, '{}', '' from generate_series(1::bigint, "
                + EXPIRED + ") g");
        store.run("insert into events.event (created_at, id, seq, kind, pubkey, origin, tag_hashes, json)"
                + " values (1, 'vanished', 77, 1, 'alice', 0, '{}', '')");
        store.run("insert into events.identity select id, created_at, seq from events.event");
        store.run("insert into events.vanishing values ('alice', 5)");
        store.run("create or replace function events.slow() returns trigger language plpgsql as"
                + " $$ begin perform pg_sleep(tg_argv[0]::float); return old; end $$");
        session = store.server(Duration.ofSeconds(1)).session("sweeping");
        sweep = new Sweep(session, new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        session.close();
        store.run("drop trigger slow on events.identity");
    }

    @Test
    void takesOutFewerAtOnceWhereTheyTakeTooLong() {
        store.run("create trigger slow before delete on events.identity for each row execute function"
                + " events.slow('0.1')");
        eventually("all are gone", Duration.ofMinutes(2), () -> {
            tryToSweep();
            return store.number("select count(*) from events.event") == 0;
        });
    }

    private void tryToSweep() {
        try {
            sweep.run();
        } catch (StoreUnavailableException tooLong) {
            assertThat(tooLong).hasMessageContaining("timeout");
        }
    }

    @Test
    void goesOnWithTheOthersWhereOneCannot() {
        store.run("create trigger slow before delete on events.identity for each row when (old.seq = 77) execute"
                + " function events.slow('3')");
        assertThatThrownBy(sweep::run).isInstanceOf(StoreUnavailableException.class);
        assertThat(store.<Long>column("select seq from events.event")).containsExactly(77L);
    }
}
