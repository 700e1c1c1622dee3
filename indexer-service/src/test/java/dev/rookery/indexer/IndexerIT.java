package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.indexer.fixture.TestVerdicts;
import dev.rookery.order.Decision;
import dev.rookery.order.Effect;
import dev.rookery.order.Position;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.Origin;
import dev.rookery.topics.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// From the log to the verdict and to the readers of everything.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class IndexerIT {

    private static final String GATEWAY = "gateway-1";

    private static RunningIndexer indexer;
    private static TestLog log;
    private static TestVerdicts verdicts;

    @BeforeAll
    static void start(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        indexer = RunningIndexer.start(
                new RunningIndexer.Servers(kafka, postgres, redis), Map.of("relay.indexer.sweep.vacuum-every", "1s"));
        log = new TestLog(kafka);
        verdicts = new TestVerdicts(redis, log.topics, GATEWAY);
    }

    @AfterAll
    static void stop() {
        log.close();
        indexer.close();
        verdicts.close();
    }

    @Test
    void tellsTheGatewayAndEmitsWhatIsAccepted() {
        Event event = new TestAuthor(1).note("hello");
        log.index(event, GATEWAY);

        assertThat(verdicts.await(event.id())).isEqualTo(Decision.ACCEPTED);
        eventually("emission", () -> emitted(event).size() == 1);
        BroadcastRecord emitted = emitted(event).getFirst();
        assertThat(emitted.position().epoch()).isEqualTo(1);
        assertThat(emitted.position().seq()).isPositive();
        assertThat(emitted.kind()).isEqualTo(1);
        assertThat(emitted.json()).isEqualTo(event.json());
        assertThat(emitted.effects()).isEmpty();
    }

    @Test
    void emitsWhatAnAcceptedEventDidToOthers() {
        TestAuthor author = new TestAuthor(2);
        Event older = author.event(0, TestAuthor.NOW, "old");
        Event newer = author.event(0, TestAuthor.NOW + 1, "new");
        log.index(older, GATEWAY);
        log.index(newer, GATEWAY);
        log.index(older, GATEWAY);

        assertThat(verdicts.await(newer.id())).isEqualTo(Decision.ACCEPTED);
        eventually("the verdict on the older again", () -> verdicts.await(older.id()) == Decision.SUPERSEDED);
        eventually("emission", () -> emitted(newer).size() == 1);
        assertThat(emitted(newer).getFirst().effects())
                .containsExactly(new Effect.Removed(older.id(), older.createdAt()));
        assertThat(emitted(older)).hasSize(1);
    }

    @Test
    void emitsInTheOrderOfPositionsWithinAPartition() {
        TestAuthor author = new TestAuthor(3);
        List<Event> events = IntStream.range(0, 300)
                .mapToObj(i -> author.event(7, TestAuthor.NOW + i, "+"))
                .toList();
        events.forEach(event -> log.index(event, GATEWAY));
        verdicts.await(events.getLast().id());
        eventually("emission", () -> emitted(events.getLast()).size() == 1);

        List<Position> positions = log.all(log.topics.broadcast()).stream()
                .filter(record -> record.partition() == 7)
                .map(record -> log.records.readBroadcast(record).orElseThrow().position())
                .toList();
        assertThat(positions).isSorted().doesNotHaveDuplicates().hasSize(300);
    }

    @Test
    void acceptsASignedEventThatNobodySealed() {
        Event event = new TestAuthor(4).note("from a stranger with access to the log");
        log.send(unsealed(event, event.json()));
        assertThat(verdicts.await(event.id())).isEqualTo(Decision.ACCEPTED);
    }

    @Test
    void putsARecordThatCanNeverBeDecidedAsideAlone() {
        TestAuthor author = new TestAuthor(5);
        Event before = author.note("before");
        Event forged = author.note("forged");
        Event after = author.note("after");
        String otherSignature = text(forged).replace(signature(forged), signature(before));
        log.index(before, GATEWAY);
        log.send(unsealed(forged, otherSignature.getBytes(UTF_8)));
        log.send(unsealed(forged, "not even JSON".getBytes(UTF_8)));
        log.index(after, GATEWAY);

        assertThat(verdicts.await(after.id())).isEqualTo(Decision.ACCEPTED);
        assertThat(verdicts.await(before.id())).isEqualTo(Decision.ACCEPTED);
        assertThat(verdicts.await(forged.id())).isEqualTo(Decision.FAILED);
        assertThat(deadLetters("neither sealed by this suite nor signed by its author"))
                .containsExactly(otherSignature);
        assertThat(deadLetters()).contains("not even JSON");
    }

    @Test
    void cutsOutTheOneEventThatTheDatabaseCannotTake(TestPostgres postgres) {
        new Store(postgres).run("alter table events.event add constraint trap check (kind <> 4242)");
        TestAuthor author = new TestAuthor(6);
        List<Event> events = IntStream.range(0, 20)
                .mapToObj(i -> author.event(i == 13 ? 4242 : 1, TestAuthor.NOW + i, ""))
                .toList();
        events.forEach(event -> log.index(event, GATEWAY));

        for (Event event : events) {
            assertThat(verdicts.await(event.id())).isEqualTo(event.kind() == 1 ? Decision.ACCEPTED : Decision.FAILED);
        }
        assertThat(deadLetters()).contains(text(events.get(13)));
    }

    @Test
    void tellsTheGroupHowFarTheLanesAreForTheDashboards(TestKafka kafka) {
        Event event = new TestAuthor(8).note("counted");
        RecordMetadata place = log.index(event, GATEWAY);
        verdicts.await(event.id());
        TopicPartition lane = new TopicPartition(place.topic(), place.partition());
        eventually("group offset", () -> place.offset() + 1 == groupOffset(kafka, lane));
    }

    @Test
    void isReadyOnceTheLanesAreItsOwn() throws Exception {
        URI readiness = URI.create("http://127.0.0.1:" + indexer.port() + "/actuator/health/readiness");
        verdicts.await(indexed(new TestAuthor(9).note("ready")).id());
        try (HttpClient client = HttpClient.newHttpClient()) {
            var response = client.send(HttpRequest.newBuilder(readiness).build(), BodyHandlers.ofString());
            assertThat(response.body()).contains("\"database\"", "\"log\"", "\"lanes\"");
            assertThat(response.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void clearsTheOutboxOfWhatTheBrokerHas(TestPostgres postgres) {
        verdicts.await(indexed(new TestAuthor(10).note("acknowledged")).id());
        Store store = new Store(postgres);
        String count = "select count(*) from events.outbox where ";
        eventually("acknowledgement", () -> store.number(count + "acknowledged is null") == 0);
        store.run("update events.outbox set acknowledged = now() - interval '2 min'");
        eventually("sweep", () -> store.number(count + "acknowledged < now() - interval '1 min'") == 0);
    }

    @Test
    void takesTheRowsOfDeletedEventsOutOfTheTables(TestPostgres postgres) {
        TestAuthor author = new TestAuthor(11);
        Event deleted = author.note("to be deleted");
        verdicts.await(indexed(deleted).id());
        Store store = new Store(postgres);
        store.run("create extension pageinspect");
        String rows = "select count(*) from generate_series(0, pg_relation_size('events.identity') / 8192 - 1) page"
                + " cross join heap_page_items(get_raw_page('events.identity', page::int)) item"
                + " where position('\\x%s'::bytea in item.t_data) > 0 or item.lp_flags = 3".formatted(deleted.id());
        assertThat(store.number(rows)).isOne();

        verdicts.await(indexed(author.event(
                        5, TestAuthor.NOW, "", Tag.of("e", deleted.id().toString())))
                .id());
        eventually("a VACUUM", () -> store.number(rows) == 0);
    }

    private static Event indexed(Event event) {
        log.index(event, GATEWAY);
        return event;
    }

    private static List<BroadcastRecord> emitted(Event event) {
        return log.emitted().stream()
                .filter(record -> Arrays.equals(record.json(), event.json()))
                .toList();
    }

    private static ProducerRecord<byte[], byte[]> unsealed(Event event, byte[] value) {
        var sealed = log.records.toIndex(event, GATEWAY, Origin.CLIENT);
        var record = new ProducerRecord<>(sealed.topic(), sealed.partition(), sealed.key(), value);
        record.headers().add("v", new byte[] {1}).add("gateway", GATEWAY.getBytes(UTF_8));
        return record;
    }

    private static List<String> deadLetters() {
        return log.all(Topics.deadLetters(log.topics.index())).stream()
                .map(letter -> new String(letter.value(), UTF_8))
                .toList();
    }

    private static List<String> deadLetters(String reason) {
        return log.all(Topics.deadLetters(log.topics.index())).stream()
                .filter(letter -> reason.equals(
                        new String(letter.headers().lastHeader("reason").value(), UTF_8)))
                .map(letter -> new String(letter.value(), UTF_8))
                .toList();
    }

    private static String signature(Event event) {
        return HexFormat.of().formatHex(event.signature());
    }

    private static String text(Event event) {
        return new String(event.json(), UTF_8);
    }

    private static long groupOffset(TestKafka kafka, TopicPartition lane) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var offsets = admin.listConsumerGroupOffsets(kafka.prefix() + ".indexer-service")
                    .partitionsToOffsetAndMetadata()
                    .get();
            return offsets.containsKey(lane) ? offsets.get(lane).offset() : -1;
        } catch (ExecutionException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
