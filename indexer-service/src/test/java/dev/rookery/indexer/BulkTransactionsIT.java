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
import dev.rookery.topics.Origin;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// An import in transactions: the end of each has an offset, and no record that could be decided.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BulkTransactionsIT {

    private static final Origin IMPORT = new Origin(false, true);

    @Test
    void endsAnEpochWhereALaneEndsInNoRecord(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        var servers = new RunningIndexer.Servers(kafka, postgres, redis);
        Store store = new Store(postgres);
        store.migrate();
        try (TestLog log = new TestLog(kafka)) {
            try (RunningIndexer indexer = RunningIndexer.start(servers)) {
                log.bulkInTransaction(events(0), IMPORT);
                eventually("stored", () -> stored(store) == 3);
            }
            long before = epoch(store);
            // As if another server went on with the same files.
            store.run("update events.sequencer set timeline = timeline + 1");
            try (RunningIndexer indexer = RunningIndexer.start(servers)) {
                eventually("an epoch begins", () -> epoch(store) > before);
                eventually(
                        "it is over",
                        () -> !store.<Boolean>column("select events.catching_up()")
                                .getFirst());
                log.bulkInTransaction(events(3), IMPORT);
                eventually("more is stored", () -> stored(store) == 6);
            }
        }
    }

    private static List<Event> events(int first) {
        return IntStream.range(first, first + 3)
                .mapToObj(i -> new TestAuthor(1 + i).note("imported"))
                .toList();
    }

    private static long stored(Store store) {
        return store.number("select count(*) from events.identity");
    }

    private static long epoch(Store store) {
        return store.number("select epoch from events.sequencer");
    }
}
