package dev.rookery.indexer.decision;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.order.Position;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// That all decisions are made in one order, with one number each, whoever decides and whatever happens to the
/// database.
@ExtendWith(PostgresExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OneOrderIT {

    private final TestAuthor alice = new TestAuthor(7);
    private TestDecider first;
    private TestDecider second;

    @BeforeAll
    static void migrate(TestPostgres database) {
        new Store(database).migrate();
    }

    @BeforeEach
    void place(TestPostgres database) {
        first = new TestDecider(database, "one");
        first.store.run(
                "truncate events.event, events.tag, events.identity, events.head, events.progress, events.outbox");
        first.store.run("update events.sequencer set epoch = 1");
        first.placeAt(0, -1);
        second = new TestDecider(database, "two").placeAt(0, -1);
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void twoIndexersGiveOutEachNumberOnce() throws Exception {
        long before = committed(first).seq();
        try (var threads = Executors.newFixedThreadPool(2)) {
            Future<List<Long>> ones = threads.submit(manyBatches(first, new TestAuthor(100)));
            Future<List<Long>> twos = threads.submit(manyBatches(second, new TestAuthor(101)));
            List<Long> all = new ArrayList<>(ones.get());
            all.addAll(twos.get());
            assertThat(ones.get()).isSorted();
            assertThat(twos.get()).isSorted();
            assertThat(all)
                    .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(before + 1, before + all.size())
                            .boxed()
                            .toList());
        }
        assertThat(first.store.<Long>column("select seq from events.identity order by seq"))
                .isEqualTo(LongStream.rangeClosed(before + 1, committed(first).seq())
                        .boxed()
                        .toList());
    }

    private static Callable<List<Long>> manyBatches(TestDecider decider, TestAuthor author) {
        return () -> {
            List<Long> numbers = new ArrayList<>();
            for (int batch = 0; batch < 100; batch++) {
                Event[] events = {author.note("a" + batch), author.note("b" + batch), author.note("c" + batch)};
                decider.decide(events)
                        .events()
                        .forEach(judged -> numbers.add(judged.position().seq()));
            }
            return numbers;
        };
    }

    @Test
    void twoIndexersAcceptOneEventOnce() throws Exception {
        List<Event> events = LongStream.range(0, 50)
                .mapToObj(i -> alice.event(1, TestAuthor.NOW + i, "same"))
                .toList();
        long before = committed(first).seq();
        try (var threads = Executors.newFixedThreadPool(2)) {
            Future<?> one = threads.submit(() -> events.forEach(event -> first.decide(event)));
            Future<?> two = threads.submit(() -> events.forEach(event -> second.decide(event)));
            one.get();
            two.get();
        }
        assertThat(committed(first).seq()).isEqualTo(before + 50);
    }

    /// Whatever the server's defaults are: a transaction that waited has to see what was committed meanwhile, and none
    /// may hold the turn for long.
    @Test
    void aTurnIsBoundedAndSeesWhatTheOneBeforeCommitted(TestPostgres database) throws Exception {
        String name = "\"" + database.database() + "\"";
        first.store.run("alter database " + name + " set default_transaction_isolation = 'repeatable read'");
        first.store.run("alter database " + name + " set transaction_timeout = '1h'");
        try (TestDecider own = new TestDecider(database, "settings").placeAt(0, -1)) {
            assertThat(own.setting("transaction_isolation")).isEqualTo("read committed");
            assertThat(own.setting("transaction_timeout")).isEqualTo("5s");
        } finally {
            first.store.run("alter database " + name + " reset all");
        }
    }

    @Test
    void anOvertakenIndexerChangesNothing(TestPostgres database) {
        first.decide(alice.note("decided"));
        try (TestDecider overtaking = new TestDecider(database, "one").placeAt(1, -1)) {
            overtaking.decide(alice.note("by the other"));
        }
        Position before = committed(first);
        long outbox = count("outbox");
        Event late = alice.note("by the one that was overtaken");

        assertThat(first.tryDecide(late)).isEmpty();
        assertThat(committed(first)).isEqualTo(before);
        assertThat(count("outbox")).isEqualTo(outbox);
        assertThat(first.store.<Long>column(
                        "select count(*) from events.identity where id = '\\x%s'".formatted(late.id())))
                .containsExactly(0L);
        assertThat(first.store.<Long>column("select decided from events.progress where topic = 'one'"))
                .containsExactly(2L);
    }

    @Test
    void beginsANewEpochWhenTheTableIsBehindWhatWasSeen() {
        first.decide(alice.note("seen by many"));
        Position seen = first.highest.position();
        first.store.run("update events.sequencer set seq = seq - 1");

        assertThat(first.tryDecide(alice.note("next"))).isEmpty();
        first.placeAt(1, -1);
        Position begun = committed(first);
        assertThat(begun.epoch()).isGreaterThan(seen.epoch());
        assertThat(begun.seq()).isEqualTo(seen.seq() - 1);
        assertThat(first.decide(alice.note("next")).at()).isEqualTo(new Position(begun.epoch(), seen.seq()));
    }

    @Test
    void beginsANewEpochBeyondAnyThatWasSeen() {
        Position later = new Position(committed(first).epoch() + Integer.MAX_VALUE, 3);
        first.highest.saw(later);
        first.placeAt(0, -1);
        assertThat(committed(first).epoch()).isEqualTo(later.epoch() + 1);
    }

    /// A backup is restored, nothing is accepted, and it is restored again: whoever saw the first of the two epochs
    /// must not take the second for it.
    @Test
    void noTwoEpochsOfOneBackupShareANumber(TestPostgres database) {
        first.decide(alice.note("before the backup"));
        Position backup = committed(first);
        List<Long> begun = new ArrayList<>();
        for (int restored = 0; restored < 2; restored++) {
            first.store.run("update events.sequencer set epoch = ?, seq = ?", backup.epoch(), backup.seq());
            first.store.run("update events.sequencer set timeline = timeline + 1");
            try (TestDecider restarted = new TestDecider(database, "one").placeAt(1, -1)) {
                begun.add(committed(restarted).epoch());
            }
            String now = "select floor(extract(epoch from clock_timestamp()))::bigint";
            eventually("another second", () -> first.store.number(now) > begun.getLast());
        }
        assertThat(begun).doesNotHaveDuplicates();
    }

    @Test
    void beginsANewEpochOnAnotherServerOrTimeline() {
        long epoch = committed(first).epoch();
        first.store.run("update events.sequencer set system_identifier = system_identifier + 1");
        assertThat(first.tryDecide(alice.note("on another server"))).isEmpty();
        first.placeAt(0, -1);
        assertThat(committed(first).epoch()).isGreaterThan(epoch);
        long next = committed(first).epoch();
        first.store.run("update events.sequencer set timeline = timeline + 1");
        first.placeAt(0, -1);
        assertThat(committed(first).epoch()).isGreaterThan(next);
        assertThat(first.tryDecide(alice.note("on this server"))).isPresent();
    }

    @Test
    void beginsANewEpochWhenTheGroupWasFurther() {
        long epoch = committed(first).epoch();
        first.decide(alice.note("one"), alice.note("two"));
        first.placeAt(2, 2);
        assertThat(committed(first).epoch()).isEqualTo(epoch);
        first.store.run("update events.progress set decided = 1 where topic = 'one'");
        first.placeAt(1, 2);
        assertThat(committed(first).epoch()).isGreaterThan(epoch);
    }

    @Test
    void nothingIsDecidedFromALaneThatIsNotPlacedInTheEpoch() {
        second.highest.saw(new Position(committed(second).epoch() + 1, 0));
        second.placeAt(0, -1);
        assertThat(first.tryDecide(alice.note("of the former epoch"))).isEmpty();
        first.placeAt(0, -1);
        assertThat(first.tryDecide(alice.note("of this epoch"))).isPresent();
    }

    /// After a new epoch, answers are complete only when each lane has been decided up to where it ended then.
    @Test
    void catchesUpWithEachLane() {
        declareLanes("{one,two}", "{1,1}");
        first.store.run("update events.progress set catch_up_to = 0");
        assertThat(catchingUp()).isFalse();
        second.highest.saw(new Position(committed(second).epoch() + 1, 0));
        second.placeAt(0, -1);
        second.store.run("update events.progress set catch_up_to = 0 where topic = 'two'");
        assertThat(catchingUp()).as("while another lane is not placed again").isTrue();
        first.placeAt(0, -1);
        first.store.run("update events.progress set catch_up_to = 1 where topic = 'one'");
        assertThat(catchingUp()).as("while it is decided again").isTrue();
        first.decide(alice.note("decided again"));
        assertThat(catchingUp()).isFalse();
    }

    /// A lane that nobody has placed may have all of its log to repeat; a topic of others has nothing to do with it.
    @Test
    void countsTheLanesOfTheSuiteAndNoOthers() {
        first.store.run("update events.progress set catch_up_to = 0");
        first.store.run("delete from events.lane_topic");
        assertThat(catchingUp()).as("while nobody has said which they are").isTrue();
        declareLanes("{one,three}", "{1,2}");
        assertThat(catchingUp()).as("while lanes have never been placed").isTrue();
        declareLanes("{one}", "{2}");
        assertThat(catchingUp()).as("while one of the topic's is missing").isTrue();
        declareLanes("{one}", "{1}");
        assertThat(catchingUp()).isFalse();
        first.store.run("update events.progress set epoch = 0, catch_up_to = 1 where topic = 'two'");
        assertThat(catchingUp()).as("of another topic").isFalse();
    }

    /// What was caught up with once is done: a lane that is set back later, because its log is another one now, does
    /// not close the relay until the new log has grown beyond the former.
    @Test
    void catchesUpOnce() {
        declareLanes("{one}", "{1}");
        long epoch = committed(first).epoch();
        first.store.run("update events.progress set catch_up_to = 1 where topic = 'one'");
        first.decide(alice.note("caught up"));
        assertThat(catchingUp()).isFalse();
        first.placeAt(0, -1);
        assertThat(catchingUp()).as("set back").isFalse();
        first.store.run("update events.progress set catch_up_to = 5000 where topic = 'one'");
        first.placeAt(0, -1);
        assertThat(first.store.number("select catch_up_to from events.progress where topic = 'one'"))
                .as("no more than the log holds")
                .isEqualTo(1000);
        assertThat(committed(first).epoch()).isEqualTo(epoch);
    }

    private void declareLanes(String topics, String partitions) {
        first.store.run("select events.declare_lanes(?::text[], ?::int[])", topics, partitions);
    }

    private boolean catchingUp() {
        return first.store.<Boolean>column("select events.catching_up()").getFirst();
    }

    private long count(String table) {
        return first.store.<Long>column("select count(*) from events." + table).getFirst();
    }

    private static Position committed(TestDecider decider) {
        return new Position(
                decider.store
                        .<Long>column("select epoch from events.committed()")
                        .getFirst(),
                decider.store.<Long>column("select seq from events.committed()").getFirst());
    }
}
