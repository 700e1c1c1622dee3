package dev.rookery.indexer.sweep;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.indexer.chore.Chore;
import dev.rookery.indexer.chore.Chores;
import dev.rookery.indexer.decision.TestDecider;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.order.Decision;
import dev.rookery.order.Effect;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A request to vanish of somebody who has much stored, and what others notice of it.
///
/// So many events as `rookery.vanish.events` says; the times that others wait for their turn are logged, not judged.
@ExtendWith(PostgresExtension.class)
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class LargeVanishIT {

    private static final Logger LOG = LoggerFactory.getLogger(LargeVanishIT.class);

    private static final int EVENTS = Integer.getInteger("rookery.vanish.events", 5_000);
    private static final int LARGEST_CHUNK = 500;
    private static final int TURNS_BEFORE = 200;

    private final TestAuthor alice = new TestAuthor(1);
    private final TestAuthor bob = new TestAuthor(2);
    private int written;

    @Test
    void takesOneShortTurnAndIsThenWorkedOffInChunks(TestPostgres database) {
        Store store = new Store(database);
        store.migrate();
        fill(store);
        countChunks(store);
        try (TestDecider ofAlice = new TestDecider(database, "alice").placeAt(0, -1);
                TestDecider others = new TestDecider(database, "others").placeAt(0, -1);
                PostgresSession sweeping = store.server().session("test-sweeping")) {
            tell("before", turns(others, () -> written >= TURNS_BEFORE));

            long begun = System.nanoTime();
            Event request = alice.event(62, TestAuthor.NOW, "", Tag.of("relay", "ALL_RELAYS"));
            var decided = ofAlice.decide(request).events().getFirst();
            LOG.info("decided in {} ms", (System.nanoTime() - begun) / 1_000_000);
            assertThat(decided.decision()).isEqualTo(Decision.ACCEPTED);
            assertThat(decided.effects()).containsExactly(new Effect.Vanished(alice.key(), TestAuthor.NOW));
            assertThat(ofAlices(store)).as("none is taken out in the turn").isEqualTo(EVENTS + 1);

            Chores chores = new Chores(
                    "sweep",
                    List.of(new Chore(
                            "sweeping", Duration.ofSeconds(1), new Sweep(sweeping, new SimpleMeterRegistry())::run)),
                    new SimpleMeterRegistry());
            chores.start();
            tell("meanwhile", turns(others, () -> store.number("select count(*) from events.vanishing") == 0));
            LOG.info("swept in {} ms", (System.nanoTime() - begun) / 1_000_000);
            chores.stop();
        }
        assertThat(ofAlices(store)).as("the request").isOne();
        assertThat(store.number("select count(*) from events.identity")).isEqualTo(written + 1);
        assertThat(store.number("select count(*) from events.tag")).isZero();
        assertThat(store.number("select count(*) from events.search")).isZero();
        assertThat(store.number("select max(size) from chunks")).isLessThanOrEqualTo(LARGEST_CHUNK);
        assertThat(store.number("select sum(size) from chunks")).isEqualTo(EVENTS);
    }

    /// Each in a batch of its own, one after the other; how long each took, in nanoseconds, in rising order.
    private List<Long> turns(TestDecider others, BooleanSupplier over) {
        List<Long> times = new ArrayList<>();
        eventually("others have had their turns", Duration.ofMinutes(55), () -> {
            Event event = bob.event(1, TestAuthor.NOW - written, "of another");
            long begun = System.nanoTime();
            assertThat(others.decide(event).events().getFirst().decision()).isEqualTo(Decision.ACCEPTED);
            times.add(System.nanoTime() - begun);
            written++;
            return over.getAsBoolean();
        });
        return times.stream().sorted().toList();
    }

    private static void tell(String when, List<Long> times) {
        LOG.info(
                "{}: {} turns of others, p50 {} us, p99 {} us, longest {} us",
                when,
                times.size(),
                times.get(times.size() / 2) / 1000,
                times.get(times.size() * 99 / 100) / 1000,
                times.getLast() / 1000);
    }

    private long ofAlices(Store store) {
        return store.number("select count(*) from events.event where pubkey = '\\x" + alice.key() + "'");
    }

    /// A note a second, with a tag of its own, one that all have, and ten words.
    private void fill(Store store) {
        store.run("""
                with note as (
                    select g as seq, %d - g as created_at, sha256(int8send(g)) as id, hashint8extended(g, 7) as own
                    from generate_series(1::bigint, %d) g
                ), identified as (
                    insert into events.identity select id, created_at, seq from note
                ), tagged as (
                    insert into events.tag
                    select hash, created_at, id, 1 from note cross join lateral unnest(array[7, own]) as t (hash)
                ), worded as (
                    insert into events.search select seq, created_at, id, 1, '\\x%s',
                        array_to_tsvector(array(select 'w' || (seq * w) %% 20011 from generate_series(1, 10) w))
                    from note
                )
                insert into events.event (created_at, id, seq, kind, pubkey, origin, tag_hashes, json)
                select created_at, id, seq, 1, '\\x%s', 0, array[7, own], convert_to(repeat(md5(seq::text), 12), 'utf8')
                from note
                """.formatted(TestAuthor.NOW, EVENTS, alice.key(), alice.key()));
        store.run("update events.sequencer set seq = " + EVENTS);
        store.run("vacuum analyze");
    }

    private static void countChunks(Store store) {
        store.run("create table chunks (size bigint not null)");
        store.run("create function count_chunk() returns trigger language plpgsql as"
                + " 'begin insert into public.chunks select count(*) from gone having count(*) > 0; return null; end'");
        store.run("create trigger counting after delete on events.identity referencing old table as gone"
                + " for each statement execute function count_chunk()");
    }
}
