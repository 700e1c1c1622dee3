package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.embedded.EmbeddedKafka;
import dev.rookery.event.Event;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// With a broker of its own, which is stopped, started, and loses what it had.
@ExtendWith({PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BrokerIT {

    private static final TestAuthor AUTHOR = new TestAuthor(1);

    @TempDir
    private Path directory;

    private EmbeddedKafka broker;
    private RunningIndexer.Servers servers;
    private Store store;

    @BeforeEach
    void start(TestPostgres postgres, TestRedis redis) throws IOException {
        store = new Store(postgres);
        store.migrate();
        store.run("truncate events.event, events.identity, events.tag, events.progress, events.outbox");
        broker = new EmbeddedKafka(directory.resolve("now"), 0);
        broker.start();
        servers = new RunningIndexer.Servers(new TestKafka(broker.bootstrapServers(), "broker"), postgres, redis);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void waitsForTheBrokerAndEmitsWhatIsLeftOver() throws IOException {
        try (RunningIndexer indexer = RunningIndexer.start(servers)) {
            List<Event> before = decided(0, 5);
            restart(() -> {
                store.run("update events.outbox set acknowledged = null, claimed_until = now()");
                eventually("tries to emit", () -> leftovers(indexer) > 0);
            });
            List<Event> after = decided(5, 5);
            eventually(
                    "all acknowledged",
                    () -> store.number("select count(*) from events.outbox where acknowledged is null") == 0);
            try (TestLog log = new TestLog(servers.kafka())) {
                assertThat(Stream.concat(before.stream(), after.stream()))
                        .allMatch(event -> isAmong(event, log.emitted()));
                assertThat(log.all(Topics.deadLetters(log.topics.index()))).isEmpty();
            }
        }
    }

    /// A power cut takes the end of the log, but not of the database. Whatever is logged afterwards is not what the
    /// database has decided there, be it shorter than what was lost or longer. Where the broker was restarted more
    /// often before than since, it does not even know the leader epoch that the database remembers.
    @ParameterizedTest
    @CsvSource({"2, 0", "8, 0", "8, 2"})
    void swallowsNothingAfterTheLogHasLostItsEnd(int loggedAfterwards, int restarts) throws IOException {
        try (RunningIndexer indexer = RunningIndexer.start(servers)) {
            decided(0, 5);
        }
        broker.close();
        copy(directory.resolve("now"), directory.resolve("before"));
        startBroker("now");
        for (int restart = 0; restart < restarts; restart++) {
            restart(() -> {});
        }
        try (RunningIndexer indexer = RunningIndexer.start(servers)) {
            decided(5, 5);
        }
        broker.close();
        startBroker("before");
        List<Event> fresh = logged(10, loggedAfterwards);
        try (RunningIndexer indexer = RunningIndexer.start(servers)) {
            awaitStored(fresh);
            double misfits = indexer.bean(MeterRegistry.class).get("rookery.indexer.lanes.misfits").counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
            assertThat(misfits).isEqualTo(1);
        }
        assertThat(store.number("select count(*) from events.identity")).isEqualTo(10L + loggedAfterwards);
    }

    private void restart(Runnable between) throws IOException {
        broker.close();
        between.run();
        startBroker("now");
    }

    private void startBroker(String of) throws IOException {
        broker = new EmbeddedKafka(directory.resolve(of), port());
        broker.start();
    }

    private int port() {
        String address = servers.kafka().bootstrapServers();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private List<Event> decided(int from, int count) {
        List<Event> events = logged(from, count);
        awaitStored(events);
        return events;
    }

    private List<Event> logged(int from, int count) {
        List<Event> events = IntStream.range(from, from + count)
                .mapToObj(i -> AUTHOR.event(1, TestAuthor.NOW + i, ""))
                .toList();
        try (TestLog log = new TestLog(servers.kafka())) {
            events.forEach(event -> log.index(event, "gateway-b"));
        }
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

    private static boolean isAmong(Event event, List<BroadcastRecord> emitted) {
        return emitted.stream().anyMatch(record -> Arrays.equals(record.json(), event.json()));
    }

    private static double leftovers(RunningIndexer indexer) {
        return indexer.bean(MeterRegistry.class)
                .counter("rookery.indexer.outbox.leftovers")
                .count();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
