package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.Origin;
import dev.rookery.topics.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What is logged in bulk is decided in the same order as everything else, and gives way to what is live.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BulkIT {

    private static final Origin IMPORT = new Origin(false, true);
    private static final Map<String, String> STRICT = Map.of(
            "relay.indexer.bulk.max-live-lag", "3",
            "relay.indexer.bulk.max-events", "10",
            "relay.indexer.bulk.measure-every", "0ms");
    private static int created;

    private RunningIndexer.Servers servers;
    private Store store;
    private TestLog log;

    @BeforeEach
    void connect(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        servers = new RunningIndexer.Servers(kafka, postgres, redis);
        store = new Store(postgres);
        store.migrate();
        log = new TestLog(kafka);
    }

    @AfterEach
    void disconnect() {
        log.close();
    }

    @Test
    void decidesInTheOneOrderAndSaysWhereItCameFrom() {
        Event imported = event(1);
        Event live = event(1);
        try (RunningIndexer indexer = RunningIndexer.start(servers)) {
            log.bulk(imported, IMPORT);
            awaitStored(List.of(imported));
            log.index(live, "");
            log.bulk(live, IMPORT);
            awaitStored(List.of(live));
            eventually("duplicate", () -> indexer.counter("rookery.indexer.decisions", "decision", "duplicate") == 1);
            eventually(
                    "all are emitted",
                    () -> emitted(imported).size() == 1 && emitted(live).size() == 1);
        }
        assertThat(emitted(imported).getFirst().origin()).isEqualTo(IMPORT);
        assertThat(emitted(live).getFirst().origin()).isEqualTo(Origin.CLIENT);
        assertThat(store.number("select sum(decided) from events.progress where topic = ?", log.topics.bulk()))
                .isEqualTo(log.all(log.topics.bulk()).size());
        assertThat(store.number("select count(*) from events.identity")).isEqualTo(seq());
    }

    @Test
    void putsABulkRecordThatCanNeverBeDecidedAsideAlone() {
        Event before = event(1);
        Event ephemeral = event(20_001);
        Event after = event(1);
        try (RunningIndexer indexer = RunningIndexer.start(servers)) {
            List.of(before, ephemeral, after).forEach(event -> log.bulk(event, IMPORT));
            awaitStored(List.of(before, after));
        }
        assertThat(log.all(Topics.deadLetters(log.topics.bulk()))).hasSize(1);
    }

    @Test
    void decidesNothingInBulkWhileMuchOfWhatIsLiveWaits() {
        CountDownLatch held = new CountDownLatch(1);
        List<Event> live = events(5);
        List<Event> bulk = events(5);
        try (RunningIndexer indexer = RunningIndexer.start(servers, STRICT, holding(Planted.LIVE, held))) {
            live.forEach(event -> log.index(event, ""));
            bulk.forEach(event -> log.bulk(event, IMPORT));
            eventually("paused", () -> indexer.counter("rookery.indexer.bulk.paused") > 0);
            eventually("looked again", () -> indexer.gauge("rookery.indexer.live.lag") == 5);
            assertThat(stored(bulk)).isZero();
            held.countDown();
            awaitStored(live);
            awaitStored(bulk);
        }
    }

    /// The live lag grows while there is much in bulk: what is in hand is decided, and no more.
    @Test
    void decidesNoMoreThanItHasInHandOnceMuchOfWhatIsLiveWaits() {
        CountDownLatch heldLive = new CountDownLatch(1);
        CountDownLatch heldBulk = new CountDownLatch(1);
        Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
        List<Event> live = events(5);
        List<Event> bulk = events(100);
        var bulkSteps = Planted.around(Planted.BULK, decide -> (batch, moves) -> {
            sizes.add(batch.size());
            await(heldBulk);
            return decide.apply(batch, moves);
        });
        try (RunningIndexer indexer =
                RunningIndexer.start(servers, STRICT, holding(Planted.LIVE, heldLive), bulkSteps)) {
            bulk.forEach(event -> log.bulk(event, IMPORT));
            eventually("a bulk batch is in hand", () -> !sizes.isEmpty());
            live.forEach(event -> log.index(event, ""));
            double before = indexer.counter("rookery.indexer.bulk.paused");
            heldBulk.countDown();
            eventually("paused", () -> indexer.counter("rookery.indexer.bulk.paused") > before);
            assertThat(stored(bulk))
                    .isEqualTo(sizes.stream().mapToInt(n -> n).sum())
                    .isBetween(1L, 10L);
            heldLive.countDown();
            awaitStored(live);
            awaitStored(bulk);
        }
        assertThat(sizes).allMatch(size -> size <= 10);
    }

    @Test
    void liveEventsAreDecidedWhileABulkBatchIsHeldUp() {
        CountDownLatch held = new CountDownLatch(1);
        List<Event> live = events(20);
        List<Event> bulk = events(20);
        try (RunningIndexer indexer = RunningIndexer.start(servers, STRICT, holding(Planted.BULK, held))) {
            bulk.forEach(event -> log.bulk(event, IMPORT));
            live.forEach(event -> log.index(event, ""));
            awaitStored(live);
            assertThat(stored(bulk)).isZero();
            held.countDown();
            awaitStored(bulk);
        }
    }

    @Test
    void bulkLanesMoveFromOneIndexerToAnother() {
        List<Event> bulk = new ArrayList<>();
        RunningIndexer first = RunningIndexer.start(servers, STRICT);
        try (RunningIndexer second = RunningIndexer.start(servers, STRICT)) {
            eventually("both have bulk lanes", () -> bulkLanes(first) == 5 && bulkLanes(second) == 5);
            bulk.addAll(logged(300));
            eventually("some are decided", () -> stored(bulk) > 0);
            first.close();
            bulk.addAll(logged(100));
            eventually("takes over", () -> bulkLanes(second) == 10);
            awaitStored(bulk);
        }
        assertThat(store.number("select count(*) from events.identity")).isEqualTo(seq());
        assertThat(store.number("select sum(decided) from events.progress where topic = ?", log.topics.bulk()))
                .isEqualTo(log.all(log.topics.bulk()).size());
    }

    private static Planted holding(String steps, CountDownLatch until) {
        return Planted.around(steps, decide -> (batch, moves) -> {
            await(until);
            return decide.apply(batch, moves);
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new InterruptException(stop);
        }
    }

    private List<Event> logged(int count) {
        List<Event> events = events(count);
        events.forEach(event -> log.bulk(event, IMPORT));
        return events;
    }

    private static List<Event> events(int count) {
        return IntStream.range(0, count).mapToObj(i -> event(1)).toList();
    }

    /// Each of another author than the one before, so that all lanes have their part.
    private static Event event(int kind) {
        created++;
        return new TestAuthor(1 + created % 40).event(kind, TestAuthor.NOW + created, "");
    }

    private void awaitStored(List<Event> events) {
        eventually("stored", () -> stored(events) == events.size());
    }

    private long stored(List<Event> events) {
        byte[][] ids = events.stream().map(event -> event.id().toBytes()).toArray(byte[][]::new);
        return store.number("select count(*) from events.identity where id = any (?)", (Object) ids);
    }

    private List<BroadcastRecord> emitted(Event event) {
        return log.emitted().stream()
                .filter(record -> Arrays.equals(record.json(), event.json()))
                .toList();
    }

    private long seq() {
        return store.number("select seq from events.sequencer");
    }

    private static double bulkLanes(RunningIndexer indexer) {
        return indexer.gauge("rookery.indexer.lanes.placed", "kind", "bulk");
    }
}
