package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.order.Position;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Nothing is lost, refused or decided twice while stores and other indexers come and go.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OutageIT {

    private RunningIndexer.Servers servers;
    private Store store;
    private Store administration;
    private TestLog log;

    @BeforeEach
    void connect(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        servers = new RunningIndexer.Servers(kafka, postgres, redis);
        store = new Store(postgres);
        store.migrate();
        administration = new Store(new TestPostgres(
                "postgres",
                postgres.jdbcUrl().replace(postgres.database(), "postgres"),
                "",
                postgres.user(),
                postgres.password()));
        log = new TestLog(kafka);
    }

    @AfterEach
    void disconnect() {
        log.close();
    }

    @Test
    void waitsForTheDatabaseAndGoesOn() {
        TestAuthor author = new TestAuthor(1);
        try (RunningIndexer indexer = RunningIndexer.start(servers)) {
            awaitStored(indexed(author, 0, 10));
            eventually("ready", () -> readiness(indexer) == 200);
            database(false);
            List<Event> during = indexed(author, 10, 10);
            eventually("not ready", () -> readiness(indexer) == 503);
            eventually("tries again", () -> count(indexer, "rookery.indexer.outage.retries") > 2);
            database(true);
            awaitStored(during);
            eventually("ready again", () -> readiness(indexer) == 200);
        }
        assertThat(log.all(Topics.deadLetters(log.topics.index()))).isEmpty();
    }

    /// As when its disk is full: it answers, and takes nothing.
    @Test
    void isNotReadyWhileTheDatabaseTakesNothing() {
        TestAuthor author = new TestAuthor(8);
        try (RunningIndexer indexer = RunningIndexer.start(servers)) {
            awaitStored(indexed(author, 0, 1));
            eventually("ready", () -> readiness(indexer) == 200);
            readOnly(true);
            List<Event> during = indexed(author, 1, 5);
            // By then everything else that was cut off is there again.
            eventually("tries again", () -> count(indexer, "rookery.indexer.outage.retries") > 10);
            eventually("not ready", () -> readiness(indexer) == 503);
            readOnly(false);
            awaitStored(during);
            eventually("ready again", () -> readiness(indexer) == 200);
        }
    }

    /// Connections are cut at any moment, so that it is not known whether a transaction was committed.
    @Test
    void decidesEachEventOnceWhileConnectionsAreCut() {
        TestAuthor author = new TestAuthor(2);
        List<Event> events;
        try (RunningIndexer indexer = RunningIndexer.start(servers)) {
            events = IntStream.range(0, 40)
                    .mapToObj(i -> {
                        cut();
                        return indexed(author, i * 10, 10);
                    })
                    .flatMap(List::stream)
                    .toList();
            awaitStored(events);
        }
        try (RunningIndexer indexer = RunningIndexer.start(servers)) {
            eventually("all are emitted", () -> missing().isEmpty());
        }
        assertThat(store.number("select count(*) from events.identity")).isEqualTo(seq());
    }

    @Test
    void goesOnWithoutRedis() {
        TestAuthor author = new TestAuthor(3);
        try (RunningIndexer indexer =
                RunningIndexer.start(servers, Map.of("relay.redis.url", "redis://127.0.0.1:63999"))) {
            awaitStored(indexed(author, 0, 10));
            eventually("dropped", () -> count(indexer, "rookery.indexer.verdicts.dropped") == 10);
        }
    }

    @Test
    void decidesNothingMoreThanCanBeEmitted() {
        TestAuthor author = new TestAuthor(4);
        try (RunningIndexer indexer =
                RunningIndexer.start(servers, Map.of("relay.indexer.emission.max-unacknowledged", "1"))) {
            awaitStored(indexed(author, 0, 1));
            fillOutbox();
            eventually("counted", () -> gauge(indexer, "rookery.indexer.outbox.unacknowledged") == 2);
            long seq = seq();
            double pauses = count(indexer, "rookery.indexer.paused");
            List<Event> waiting = indexed(author, 1, 5);
            eventually("paused", () -> count(indexer, "rookery.indexer.paused") > pauses);
            assertThat(seq()).isEqualTo(seq);
            eventually("not ready", () -> readiness(indexer) == 503);
            emptyOutbox();
            awaitStored(waiting);
            eventually("ready", () -> readiness(indexer) == 200);
        }
    }

    /// The readers' topic takes nothing while all else is well.
    @Test
    void pausesAtItsBoundWhileOnlyTheBroadcastCannotBeWritten() {
        TestAuthor author = new TestAuthor(5);
        try (RunningIndexer indexer = RunningIndexer.start(
                servers,
                Map.of(
                        "relay.indexer.emission.max-unacknowledged", "5",
                        "relay.indexer.batch.max-events", "1"))) {
            awaitStored(indexed(author, 0, 1));
            eventually("emitted", () -> missing().isEmpty());
            eventually("acknowledged", () -> unacknowledged() == 0);
            largestRecord(1);
            // The broker heeds it a little later.
            List<Event> events = new ArrayList<>();
            eventually("full", () -> {
                events.addAll(indexed(author, 1 + events.size(), 1));
                return unacknowledged() > 5;
            });
            eventually("not ready", () -> readiness(indexer) == 503);
            long seq = seq();
            double pauses = count(indexer, "rookery.indexer.paused");
            events.addAll(indexed(author, 1 + events.size(), 20));
            eventually("paused", () -> pauses > 0 || count(indexer, "rookery.indexer.paused") > pauses);
            assertThat(unacknowledged()).isEqualTo(6);
            assertThat(seq()).isEqualTo(seq);
            largestRecord(8 << 20);
            awaitStored(events);
            eventually("all are emitted", () -> missing().isEmpty());
            eventually("ready again", () -> readiness(indexer) == 200);
        } finally {
            largestRecord(8 << 20);
        }
        assertThat(log.all(Topics.deadLetters(log.topics.index()))).isEmpty();
    }

    /// A topic that takes nothing larger than a byte takes nothing. More replicas in sync than there are replicas would
    /// not do: the broker asks for no more than there are.
    private void largestRecord(int bytes) {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, log.topics.broadcast());
        var largest = new AlterConfigOp(
                new ConfigEntry("max.message.bytes", Integer.toString(bytes)), AlterConfigOp.OpType.SET);
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(largest))).all().get();
        } catch (ExecutionException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private long unacknowledged() {
        return store.number("select count(*) from events.outbox where acknowledged is null");
    }

    @Test
    void isNotReadyWhileLanesCatchUp() {
        try (RunningIndexer indexer = RunningIndexer.start(servers)) {
            awaitStored(indexed(new TestAuthor(6), 0, 1));
            eventually("ready", () -> readiness(indexer) == 200);
            store.run(
                    "update events.progress set catch_up_to = decided + 1 where partition = 0 and topic = ?",
                    log.topics.bulk());
            eventually("not ready", () -> readiness(indexer) == 503);
            store.run("update events.progress set catch_up_to = 0");
            eventually("ready again", () -> readiness(indexer) == 200);
        }
    }

    @Test
    void twoIndexersShareTheLanesAndOneTakesOverFromTheOther() {
        List<TestAuthor> authors =
                IntStream.range(10, 30).mapToObj(TestAuthor::new).toList();
        RunningIndexer first = RunningIndexer.start(servers);
        try (RunningIndexer second = RunningIndexer.start(servers)) {
            eventually(
                    "both have lanes",
                    () -> first.gauge("rookery.indexer.lanes.placed", "kind", "live") == 25
                            && second.gauge("rookery.indexer.lanes.placed", "kind", "live") == 25);
            authors.forEach(author -> indexed(author, 0, 10));
            first.close();
            authors.forEach(author -> indexed(author, 10, 10));
            eventually("takes over", () -> second.gauge("rookery.indexer.lanes.placed", "kind", "live") == 50);
            authors.forEach(author -> awaitStored(events(author, 0, 20)));
            eventually("all are emitted", () -> missing().isEmpty());
        }
        assertThat(store.number("select count(*) from events.identity")).isEqualTo(seq());
    }

    private void fillOutbox() {
        store.run("insert into events.outbox (epoch, first_seq, last_seq, accepted_ids, accepted_created_at,"
                + " accepted_kinds, origins, effects, refused_ids, refused_codes, claimed_until) select"
                + " 1, 2, 1, '{}', '{}', '{}', '{}', '{}', '{}', '{}', 'infinity' from generate_series(1, 2)");
    }

    private void emptyOutbox() {
        store.run("delete from events.outbox where claimed_until = 'infinity'");
    }

    private void database(boolean open) {
        String name = servers.postgres().database();
        administration.run("alter database \"%s\" allow_connections %s".formatted(name, open));
        if (!open) {
            administration.run("select pg_terminate_backend(pid) from pg_stat_activity where datname = ?", name);
        }
    }

    private void readOnly(boolean only) {
        administration.run("alter database \"%s\" set default_transaction_read_only = %s"
                .formatted(servers.postgres().database(), only));
        cut();
    }

    private void cut() {
        administration.run(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = ?",
                "rookery-indexer-deciding");
    }

    /// Numbers that were given out and never emitted.
    private List<Long> missing() {
        List<Long> emitted = log.emitted().stream()
                .map(BroadcastRecord::position)
                .map(Position::seq)
                .toList();
        return LongStream.rangeClosed(1, seq())
                .boxed()
                .filter(seq -> !emitted.contains(seq))
                .toList();
    }

    private long seq() {
        return store.number("select seq from events.sequencer");
    }

    private List<Event> indexed(TestAuthor author, int from, int count) {
        List<Event> events = events(author, from, count);
        events.forEach(event -> log.index(event, "gateway-o"));
        return events;
    }

    private static List<Event> events(TestAuthor author, int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> author.event(1, TestAuthor.NOW + i, ""))
                .toList();
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

    private static int readiness(RunningIndexer indexer) {
        URI uri = URI.create("http://127.0.0.1:" + indexer.port() + "/actuator/health/readiness");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (java.io.IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static double count(RunningIndexer indexer, String counter) {
        return indexer.bean(MeterRegistry.class).counter(counter).count();
    }

    private static double gauge(RunningIndexer indexer, String gauge) {
        return indexer.bean(MeterRegistry.class).get(gauge).gauge().value();
    }
}
