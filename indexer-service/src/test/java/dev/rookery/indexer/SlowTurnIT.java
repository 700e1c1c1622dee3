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
import dev.rookery.topics.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A batch that the database cannot decide within the time that a transaction has is not tried over and over again with
/// the lock, and none of its events is to blame.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SlowTurnIT {

    private static final TestAuthor AUTHOR = new TestAuthor(1);

    @Test
    void decidesInPartsWhatIsTooMuchForOneTurn(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        Store store = new Store(postgres);
        store.migrate();
        // Each event takes the database that long.
        store.run("create function events.slow() returns trigger language plpgsql as"
                + " $$ begin perform pg_sleep(0.05); return new; end $$");
        store.run("create trigger slow before insert on events.event for each row execute function events.slow()");
        try (TestLog log = new TestLog(kafka)) {
            List<Event> events = IntStream.range(0, 60)
                    .mapToObj(i -> AUTHOR.event(1, TestAuthor.NOW + i, ""))
                    .toList();
            events.forEach(event -> log.index(event, "gateway"));
            try (RunningIndexer indexer = RunningIndexer.start(
                    new RunningIndexer.Servers(kafka, postgres, redis),
                    Map.of("relay.postgres.transaction-timeout", "2s"))) {
                eventually(
                        "all are stored", () -> store.number("select count(*) from events.identity") == events.size());
                assertThat(indexer.counter("rookery.indexer.batches.halved")).isPositive();
            }
            assertThat(log.all(Topics.deadLetters(log.topics.index()))).isEmpty();
        }
    }
}
