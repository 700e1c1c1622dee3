package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.indexer.decision.TestDecider;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.indexer.outage.StoppedException;
import dev.rookery.order.Position;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What bears witness of how far the order was: that it is known to each indexer, and that it says no more than is
/// true.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WitnessIT {

    private RunningIndexer.Servers servers;
    private TestPostgres postgres;
    private Store store;
    private TestLog log;

    @BeforeEach
    void connect(TestKafka kafka, TestPostgres database, TestRedis redis) {
        postgres = database;
        TestKafka own = new TestKafka(kafka.bootstrapServers(), kafka.named("w" + System.nanoTime()));
        servers = new RunningIndexer.Servers(own, postgres, redis);
        store = new Store(postgres);
        store.migrate();
        log = new TestLog(own);
    }

    @AfterEach
    void disconnect() {
        log.close();
    }

    /// The numbers that are lost were given out by another indexer: this one must not give them out again.
    @Test
    void knowsWhatOthersGaveOut() {
        try (TestDecider other = new TestDecider(postgres, "other").placeAt(0, -1);
                RunningIndexer indexer = RunningIndexer.start(servers)) {
            awaitStored(indexed(1, 0, 1));
            Position last = other.decide(events(2, 0, 5).toArray(Event[]::new)).at();
            eventually("it has heard of them", () -> indexer.gauge("rookery.indexer.seq.decided") == last.seq());
            store.run("update events.sequencer set seq = seq - 3");
            List<Event> next = indexed(1, 1, 1);
            awaitStored(next);
            assertThat(store.number(
                            "select epoch from events.outbox where ? = any (accepted_ids)", id(next.getFirst())))
                    .isGreaterThan(last.epoch());
        }
    }

    /// The end of an indexer that waits for the database tells the group nothing of the records that it had in hand.
    @Test
    void tellsTheGroupOnlyWhatIsDecided() {
        Store administration = new Store(new TestPostgres(
                "postgres",
                postgres.jdbcUrl().replace(postgres.database(), "postgres"),
                "",
                postgres.user(),
                postgres.password()));
        String open = "alter database \"%s\" allow_connections %s";
        RunningIndexer first = RunningIndexer.start(servers);
        awaitStored(indexed(3, 0, 5));
        long epoch = epoch();
        administration.run(open.formatted(postgres.database(), false));
        administration.run(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = ?", postgres.database());
        List<Event> waiting = indexed(3, 5, 10);
        eventually("they wait", () -> first.counter("rookery.indexer.outage.retries") > 4);
        first.close();
        administration.run(open.formatted(postgres.database(), true));
        assertThat(groupOffset()).isLessThanOrEqualTo(store.number("select max(decided) from events.progress"));
        try (RunningIndexer second = RunningIndexer.start(servers)) {
            awaitStored(waiting);
            assertThat(epoch()).as("nothing has gone back").isEqualTo(epoch);
        }
    }

    /// Whatever interrupts the listener, what it was handed is handed to it again before anything that comes behind.
    @Test
    void skipsNothingAfterAnInterruption() {
        AtomicBoolean interrupted = new AtomicBoolean();
        Planted once = Planted.around(Planted.LIVE, decide -> (batch, moves) -> {
            if (!interrupted.getAndSet(true)) {
                throw new StoppedException();
            }
            return decide.apply(batch, moves);
        });
        try (RunningIndexer indexer = RunningIndexer.start(servers, Map.of(), once)) {
            List<Event> before = indexed(4, 0, 5);
            eventually("interrupted", interrupted::get);
            List<Event> after = indexed(4, 5, 5);
            awaitStored(after);
            awaitStored(before);
        }
    }

    /// The highest of any lane.
    private long groupOffset() {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            return admin
                    .listConsumerGroupOffsets(servers.kafka().prefix() + ".indexer-service")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .values()
                    .stream()
                    .mapToLong(OffsetAndMetadata::offset)
                    .max()
                    .orElse(-1);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private long epoch() {
        return store.number("select epoch from events.sequencer");
    }

    private List<Event> indexed(int author, int from, int count) {
        List<Event> events = events(author, from, count);
        events.forEach(event -> log.index(event, "gateway-w"));
        return events;
    }

    private static List<Event> events(int author, int from, int count) {
        TestAuthor signer = new TestAuthor(author);
        return IntStream.range(from, from + count)
                .mapToObj(i -> signer.event(1, TestAuthor.NOW + i, ""))
                .toList();
    }

    private void awaitStored(List<Event> events) {
        eventually(
                "stored",
                () -> events.stream()
                        .allMatch(event ->
                                store.number("select count(*) from events.identity where id = ?", id(event)) == 1));
    }

    private static Object id(Event event) {
        return event.id().toBytes();
    }
}
