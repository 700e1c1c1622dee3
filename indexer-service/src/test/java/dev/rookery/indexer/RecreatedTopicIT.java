package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;

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
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A topic is deleted and made again while it is read: offsets begin again, and no record may be taken for a former
/// one.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RecreatedTopicIT {

    private static final TestAuthor AUTHOR = new TestAuthor(1);

    private final RunningIndexer.Servers servers;
    private final Store store;

    RecreatedTopicIT(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        servers = new RunningIndexer.Servers(kafka, postgres, redis);
        store = new Store(postgres);
        store.migrate();
    }

    @Test
    void readsItFromItsStart() throws Exception {
        RunningIndexer.Servers own = servers("out-of-range");
        try (TestLog log = new TestLog(own.kafka());
                RunningIndexer indexer = RunningIndexer.start(own)) {
            awaitStored(indexed(log, 0, 10));
            recreate(log);
            awaitStored(indexed(log, 10, 3));
        }
    }

    /// The new topic has grown beyond the place in the former one before this indexer looks again: nothing is out of
    /// range then.
    @Test
    void readsItFromItsStartEvenIfThePlaceIsThere() throws Exception {
        RunningIndexer.Servers own = servers("in-range");
        try (TestLog log = new TestLog(own.kafka());
                RunningIndexer indexer =
                        RunningIndexer.start(own, Map.of("relay.indexer.emission.max-unacknowledged", "1"))) {
            awaitStored(indexed(log, 20, 10));
            store.run("insert into events.outbox (epoch, first_seq, last_seq, accepted_ids, accepted_created_at,"
                    + " accepted_kinds, origins, effects, refused_ids, refused_codes, claimed_until) select"
                    + " 1, 2, 1, '{}', '{}', '{}', '{}', '{}', '{}', '{}', 'infinity' from generate_series(1, 2)");
            var meters = indexer.bean(MeterRegistry.class);
            eventually(
                    "counted",
                    () -> meters.get("rookery.indexer.outbox.unacknowledged")
                                    .gauge()
                                    .value()
                            == 2);
            double pauses = meters.counter("rookery.indexer.paused").count();
            indexed(log, 30, 1);
            eventually("paused", () -> meters.counter("rookery.indexer.paused").count() > pauses);
            recreate(log);
            List<Event> fresh = indexed(log, 31, 30);
            store.run("delete from events.outbox where claimed_until = 'infinity'");
            awaitStored(fresh);
        }
    }

    private RunningIndexer.Servers servers(String name) {
        TestKafka kafka = new TestKafka(
                servers.kafka().bootstrapServers(), servers.kafka().named(name));
        return new RunningIndexer.Servers(kafka, servers.postgres(), servers.redis());
    }

    private void recreate(TestLog log) throws ExecutionException, InterruptedException {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            admin.deleteTopics(List.of(log.topics.index())).all().get();
        }
        eventually("made again", () -> {
            try {
                log.declareTopics();
                return true;
            } catch (KafkaException deletionGoesOn) {
                return false;
            }
        });
    }

    private static List<Event> indexed(TestLog log, int from, int count) {
        List<Event> events = IntStream.range(from, from + count)
                .mapToObj(i -> AUTHOR.event(1, TestAuthor.NOW + i, ""))
                .toList();
        events.forEach(event -> log.index(event, "gateway-t"));
        return events;
    }

    private void awaitStored(List<Event> events) {
        eventually(
                "stored",
                () -> events.stream()
                        .allMatch(event -> store.number(
                                        "select count(*) from events.identity where id = ?",
                                        event.id().toBytes())
                                == 1));
    }
}
