package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.embedded.EmbeddedPostgres;
import dev.rookery.event.Event;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import dev.rookery.topics.Origin;
import dev.rookery.topics.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The database is stopped until the group has given up its indexer, which is longer than anything is tried.
@ExtendWith({KafkaExtension.class, RedisExtension.class})
@Timeout(400)
class LongOutageIT {

    @TempDir
    private Path directory;

    @Test
    void putsNothingAsideAndGoesOn(TestKafka kafka, TestRedis redis) throws Exception {
        EmbeddedPostgres first = new EmbeddedPostgres(directory, 0);
        first.start();
        int port = first.port();
        TestPostgres postgres =
                new TestPostgres("postgres", first.jdbcUrl("postgres"), "", EmbeddedPostgres.USER, first.password());
        Store store = new Store(postgres);
        TestAuthor author = new TestAuthor(1);
        try (TestLog log = new TestLog(kafka);
                RunningIndexer indexer = RunningIndexer.start(
                        new RunningIndexer.Servers(kafka, postgres, redis),
                        Map.of("relay.kafka.max-poll-interval", "6s"))) {
            eventually("placed", () -> indexer.gauge("rookery.indexer.lanes.placed", "kind", "bulk") == 10);
            first.close();
            List<Event> live = events(author, 0, 20);
            live.forEach(event -> log.index(event, ""));
            List<Event> bulk = events(author, 20, 20);
            bulk.forEach(event -> log.bulk(event, Origin.CLIENT));
            eventually("the group has given it up", () -> members(kafka) == 0);
            double retries = indexer.counter("rookery.indexer.outage.retries");
            eventually("and still it tries", () -> indexer.counter("rookery.indexer.outage.retries") > retries + 1);
            try (EmbeddedPostgres again = new EmbeddedPostgres(directory, port)) {
                again.start();
                eventually("all is decided", () -> store.number("select count(*) from events.identity") == 40);
                assertThat(store.number("select seq from events.sequencer")).isEqualTo(40);
                assertThat(log.all(Topics.deadLetters(log.topics.index()))).isEmpty();
                assertThat(log.all(Topics.deadLetters(log.topics.bulk()))).isEmpty();
                indexer.close();
            }
        } finally {
            first.close();
        }
    }

    private static List<Event> events(TestAuthor author, int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> author.event(1, TestAuthor.NOW + i, ""))
                .toList();
    }

    private static int members(TestKafka kafka) {
        String group = kafka.prefix() + ".indexer-service";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get()
                    .members()
                    .size();
        } catch (ExecutionException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
