package dev.rookery.indexer.search;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.indexer.decision.TestDecider;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Which words are in the index, and when.
@ExtendWith(PostgresExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WordIndexIT {

    private static final long NOW = TestAuthor.NOW;

    private final TestAuthor alice = new TestAuthor(1);
    private Store store;
    private TestDecider decider;
    private PostgresSession session;
    private WordIndex index;

    @BeforeEach
    void place(TestPostgres database) {
        store = new Store(database);
        store.migrate();
        store.run("truncate events.event, events.tag, events.identity, events.head, events.progress, events.outbox,"
                + " events.vanish_floor, events.vanishing, events.tombstone, events.search");
        store.run("update events.sequencer set seq = 0");
        store.run("update events.search_progress set seq = 0, swept = 0");
        decider = new TestDecider(database, "words").placeAt(0, -1);
        session = store.server().session("words");
        index = index(session);
    }

    @AfterEach
    void close() {
        decider.close();
        session.close();
    }

    @Test
    void holdsTheWordsOfSearchedKindsOnceTheyAreWritten() {
        decider.decide(alice.note("Rooks and crows"), alice.event(7, NOW, "rooks"), alice.event(1, NOW, "!!"));
        decider.decide(alice.event(30_023, NOW, "nest", Tag.of("d", "x"), Tag.of("title", "Häuser")));
        assertThat(words()).isEmpty();

        index.run();

        assertThat(words())
                .containsExactly(
                        "1 '/a" + alice.key().toString().substring(0, 8) + "' '/b0' '/k1' 'and':2 'crows':3 'rooks':1",
                        "4 '/a" + alice.key().toString().substring(0, 8) + "' '/b0' '/k30023' 'hauser':1A 'nest':18");
        assertThat(progress()).isEqualTo(4);
        assertThat(index.writeNext()).as("nothing is left").isFalse();
    }

    @Test
    void isWrittenInBoundedChunks() {
        String long300 = "rooks " + "nest ".repeat(60_000);
        for (int i = 0; i < 30; i++) {
            decider.decide(alice.note(i + long300));
        }
        assertThat(index.writeNext()).isTrue();
        assertThat(store.number("select count(*) from events.search")).isBetween(10L, 14L);
        assertThat(progress()).isEqualTo(store.number("select max(seq) from events.search"));
        index.run();
        assertThat(store.number("select count(*) from events.search")).isEqualTo(30);
    }

    @Test
    void isWrittenInSmallerChunksWhereOneTakesTooLong() {
        decider.decide(
                IntStream.range(0, 30).mapToObj(i -> alice.note("note " + i)).toArray(Event[]::new));
        store.run("create function events.slow() returns trigger language plpgsql as"
                + " $$ begin perform pg_sleep(0.1); return new; end $$");
        store.run("create trigger slow before insert on events.search for each row execute function events.slow()");
        try (PostgresSession hurried = store.server(Duration.ofSeconds(1)).session("words")) {
            WordIndex slow = index(hurried);
            eventually("all are written", Duration.ofMinutes(2), () -> {
                tryToWrite(slow);
                return progress() == 30;
            });
        } finally {
            store.run("drop trigger slow on events.search");
        }
        assertThat(store.number("select count(*) from events.search")).isEqualTo(30);
    }

    private static void tryToWrite(WordIndex slow) {
        try {
            slow.run();
        } catch (StoreUnavailableException tooLong) {
            assertThat(tooLong).hasMessageContaining("timeout");
        }
    }

    /// A database that was put back by parts: what is numbered from now on is written.
    @Test
    void goesBackWithTheOrder() {
        decider.decide(alice.note("first"));
        store.run("update events.search_progress set seq = 1000");
        index.run();
        assertThat(progress()).isOne();
        decider.decide(alice.note("second"));
        index.run();
        assertThat(words()).singleElement().asString().contains("'second'");
    }

    @Test
    void losesTheWordsOfWhatIsErased() {
        Event note = alice.note("rooks");
        decider.decide(note, alice.note("crows"));
        index.run();
        decider.decide(alice.event(5, NOW, "", Tag.of("e", note.id().toString())));
        index.run();
        assertThat(words()).singleElement().asString().contains("'crows'");
    }

    @Test
    void isRidOfRowsWithoutAnEventBySweeping() {
        decider.decide(alice.note("rooks"), alice.note("crows"));
        index.run();
        store.run("insert into events.search values (77, 1, 'x', 1, 'y', 'left')");
        index.sweep();
        assertThat(store.<Long>column("select seq from events.search order by 1"))
                .containsExactly(1L, 2L);
    }

    /// Each chunk is written by one of them, and what they know less of does not set the other back.
    @Test
    void isWrittenOnceByTwoIndexers() throws InterruptedException, ExecutionException {
        for (int batch = 0; batch < 20; batch++) {
            int from = batch * 150;
            decider.decide(IntStream.range(from, from + 150)
                    .mapToObj(i -> alice.note("note " + i))
                    .toArray(Event[]::new));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(2);
                PostgresSession second = store.server().session("words-2")) {
            List<Future<?>> runs = new ArrayList<>();
            for (WordIndex one : List.of(index, index(second))) {
                runs.add(threads.submit(() -> {
                    while (progress() < 3_000) {
                        one.writeNext();
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }
        assertThat(store.number("select count(*) from events.search")).isEqualTo(3_000);
    }

    @Test
    void isNotWrittenByWhoComesSecond() {
        decider.decide(alice.note("rooks"));
        index.run();
        assertThat(store.<Boolean>column("select events.add_words(0, 1, '{1}', array['''overtaken'':1'])"))
                .containsExactly(false);
        assertThat(words()).singleElement().asString().contains("'rooks'");
    }

    /// The plan that is kept, even if it was made while there was nothing.
    @Test
    void isReadByItsIndex(TestPostgres database) throws SQLException {
        store.run("vacuum analyze");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("load 'auto_explain'; set auto_explain.log_min_duration = 0;"
                    + " set auto_explain.log_nested_statements = on; set auto_explain.log_level = notice");
            statement.execute("set enable_bitmapscan = off; set enable_sort = off");
            for (int state = 0; state < 2; state++) {
                statement.clearWarnings();
                statement.execute(
                        "select * from events.search('{rooks}', 200000, null, null, '{1}', 0, 99999999999, 0, '{}',"
                                + " '{}', 10, '{}', '{}', '', '{}')");
                StringBuilder plans = new StringBuilder();
                for (var warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                    plans.append(warning.getMessage());
                }
                assertThat(plans)
                        .contains("Bitmap Index Scan on search_by_word")
                        .doesNotContainPattern("Scan\\w* (on|using) search_pkey|Seq Scan on search");
                store.run("truncate events.search");
                store.run("insert into events.search select g, g, decode(md5(g::text), 'hex'), 1, 'x',"
                        + " to_tsvector('simple', 'w' || g || ' rooks') from generate_series(1, 20000) g");
                store.run("analyze events.search");
            }
        }
    }

    private static WordIndex index(PostgresSession session) {
        return new WordIndex(session, Set.of(0, 1, 30_023), new SimpleMeterRegistry());
    }

    private List<String> words() {
        return store.column("select seq || ' ' || words from events.search order by seq");
    }

    private long progress() {
        return store.number("select seq from events.search_progress");
    }
}
