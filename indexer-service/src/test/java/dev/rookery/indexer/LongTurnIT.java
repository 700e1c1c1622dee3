package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import dev.rookery.topics.Topics;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// One event that takes the database longer than a transaction may: it is given longer, and those behind it are held up
/// once.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LongTurnIT {

    private static final TestAuthor AUTHOR = new TestAuthor(1);
    private static final int SLOW_KIND = 7;

    @Test
    void decidesOneEventThatIsTooMuchForATurn(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        Store store = new Store(postgres);
        store.migrate();
        store.run("create function events.slow() returns trigger language plpgsql as"
                + " $$ begin perform pg_sleep(5); return new; end $$");
        store.run("create trigger slow before insert on events.event for each row when (new.kind = " + SLOW_KIND
                + ") execute function events.slow()");
        try (TestLog log = new TestLog(kafka);
                RunningIndexer indexer = RunningIndexer.start(
                        new RunningIndexer.Servers(kafka, postgres, redis),
                        Map.of("relay.postgres.transaction-timeout", "2s"))) {
            List<Event> events = List.of(
                    AUTHOR.note("before"), AUTHOR.event(SLOW_KIND, TestAuthor.NOW, "slow"), AUTHOR.note("after"));
            events.forEach(event -> log.index(event, "gateway"));
            eventually(
                    "all are stored",
                    Duration.ofMinutes(2),
                    () -> store.number("select count(*) from events.identity") == events.size());
            assertThat(transactionTimeout(indexer)).as("of all that follow").isEqualTo("2s");
            assertThat(log.all(Topics.deadLetters(log.topics.index()))).isEmpty();
        }
    }

    private static String transactionTimeout(RunningIndexer indexer) {
        return indexer.bean("decidingSession", PostgresSession.class).ask(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("show transaction_timeout")) {
                result.next();
                return result.getString(1);
            }
        });
    }
}
