package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.indexer.fixture.CuttingProxy;
import dev.rookery.indexer.fixture.Reader;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Whoever does not know how far the lanes are decided, because a reply was lost or because another went on meanwhile,
/// decides nothing.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TakeoverIT {

    private RunningIndexer.Servers servers;
    private Store store;
    private TestLog log;
    private long before;

    @BeforeEach
    void connect(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        servers = new RunningIndexer.Servers(kafka, postgres, redis);
        store = new Store(postgres);
        store.migrate();
        log = new TestLog(kafka);
        before = seq();
    }

    @AfterEach
    void disconnect() {
        log.close();
    }

    /// The commit is done and nobody was told.
    @Test
    void decidesNothingTwiceWhenTheOutcomeOfACommitIsLost() {
        TestAuthor author = new TestAuthor(1);
        List<Event> events = new ArrayList<>();
        try (CuttingProxy proxy = new CuttingProxy(
                        servers.postgres().host(), servers.postgres().port());
                RunningIndexer indexer = RunningIndexer.start(
                        servers,
                        Map.of(
                                "relay.postgres.host",
                                "127.0.0.1",
                                "relay.postgres.port",
                                Integer.toString(proxy.port())))) {
            for (int round = 0; round < 5; round++) {
                Event marked = author.event(0, TestAuthor.NOW + round, "version");
                Event expired = author.event(1, TestAuthor.NOW, "" + round, Tag.of("expiration", "1700000000"));
                Event last = author.event(1, TestAuthor.NOW + round, "last");
                proxy.loseReplyTo(marked.id().toBytes());
                List.of(marked, expired, last).forEach(event -> log.index(event, "gateway-l"));
                events.addAll(List.of(marked, last));
                int cuts = round + 1;
                eventually("cut", () -> proxy.cuts() == cuts);
                eventually("decided", () -> isStored(last));
                assertThat(refusal(expired)).isEqualTo(Decision.EXPIRED);
            }
            // Decided it was with the commit whose reply was lost; that is found out with the next attempt.
            eventually("found out", () -> indexer.counter("rookery.indexer.overtaken") == 5);
            eventually("all is emitted", () -> seqsRead().size() == events.size());
            assertThat(indexer.counter("rookery.indexer.decisions", "decision", "duplicate"))
                    .isZero();
        }
        assertThat(seq()).isEqualTo(before + events.size());
        assertThat(seqsRead()).containsExactlyElementsOf(given(events.size()));
        assertThat(events).allMatch(this::wasAcceptedOnce);
    }

    /// It sleeps beyond its session with a batch in hand, and another has its lanes when it wakes.
    @Test
    void anIndexerThatWokeTooLateChangesNothing() {
        CountDownLatch asleep = new CountDownLatch(1);
        CountDownLatch waking = new CountDownLatch(1);
        Planted sleeper = Planted.around(Planted.LIVE, decide -> (batch, moves) -> {
            asleep.countDown();
            await(waking);
            return decide.apply(batch, moves);
        });
        TestAuthor author = new TestAuthor(2);
        List<Event> events = IntStream.range(0, 10)
                .mapToObj(i -> author.event(1, TestAuthor.NOW + i, "late"))
                .toList();
        try (RunningIndexer zombie =
                RunningIndexer.start(servers, Map.of("relay.kafka.max-poll-interval", "6s"), sleeper)) {
            eventually("placed", () -> zombie.gauge("rookery.indexer.lanes.placed", "kind", "live") == 50);
            events.forEach(event -> log.index(event, ""));
            eventually("asleep with a batch in hand", () -> asleep.getCount() == 0);
            try (RunningIndexer other = RunningIndexer.start(servers)) {
                eventually("the other has decided", () -> events.stream().allMatch(this::isStored));
                assertThat(zombie.counter("rookery.indexer.overtaken")).isZero();
                waking.countDown();
                eventually("fenced", () -> zombie.counter("rookery.indexer.overtaken") == 1);
                Event after = author.event(1, TestAuthor.NOW, "after");
                log.index(after, "");
                eventually("goes on", () -> isStored(after));
            }
            assertThat(zombie.counter("rookery.indexer.decisions", "decision", "duplicate"))
                    .isZero();
        }
        assertThat(seq()).isEqualTo(before + 11);
        assertThat(events).allMatch(this::wasAcceptedOnce);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new InterruptException(stop);
        }
    }

    private List<Long> seqsRead() {
        long epoch = store.number("select epoch from events.sequencer");
        return new Reader(new Position(epoch, before))
                .read(log).stream().map(record -> record.position().seq()).toList();
    }

    private List<Long> given(int count) {
        return LongStream.rangeClosed(before + 1, before + count).boxed().toList();
    }

    private boolean isStored(Event event) {
        return store.number("select count(*) from events.identity where id = ?", (Object)
                        event.id().toBytes())
                == 1;
    }

    private boolean wasAcceptedOnce(Event event) {
        return store.number("select count(*) from events.outbox where ? = any (accepted_ids)", (Object)
                                event.id().toBytes())
                        == 1
                && store.<Integer>column("select 1 from events.outbox where ? = any (refused_ids)", (Object)
                                event.id().toBytes())
                        .isEmpty();
    }

    private Decision refusal(Event event) {
        return Decision.ofCode((int) store.number(
                "select code from events.outbox, unnest(refused_ids, refused_codes) r (id, code) where id = ?",
                (Object) event.id().toBytes()));
    }

    private long seq() {
        return store.number("select seq from events.sequencer");
    }
}
