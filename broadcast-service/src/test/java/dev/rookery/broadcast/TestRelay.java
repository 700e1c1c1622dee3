package dev.rookery.broadcast;

import static org.awaitility.Awaitility.await;

import dev.rookery.broadcast.feed.BroadcastFeed;
import dev.rookery.event.Event;
import dev.rookery.order.Position;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Origin;
import dev.rookery.topics.Seal;
import dev.rookery.topics.TopicSetup;
import dev.rookery.topics.Topics;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.context.ConfigurableApplicationContext;

/// A broadcast-service with a real log and database, and a hand that does what the indexer and gateways would.
final class TestRelay implements AutoCloseable {

    static final String SECRET = "a secret of the suite under test";

    private static final SchnorrSigner AUTHOR = new SchnorrSigner(
            new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2
            });

    private final TestKafka kafka;
    private final TestPostgres postgres;
    private final TestLedger ledger;
    private final Seal seal = new Seal(SECRET);
    private final LogRecords records;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<ConfigurableApplicationContext> services = new ArrayList<>();
    private Position last = new Position(1, 0);
    private int events;

    TestRelay(TestKafka kafka, TestPostgres postgres) throws SQLException, IOException {
        this.kafka = kafka;
        this.postgres = postgres;
        ledger = new TestLedger(postgres);
        ledger.create();
        Topics topics = new Topics(kafka.named(""));
        records = new LogRecords(topics, seal);
        Map<String, Object> brokers = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(brokers)) {
            new TopicSetup(topics, 1).declare(admin);
        }
        producer = new KafkaProducer<>(brokers, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// Starts another instance of the service and waits until it is ready.
    ///
    /// @return its port
    int start(String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "--relay.secret=" + SECRET,
                "--relay.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                "--relay.kafka.topic-prefix=" + kafka.named(""),
                "--relay.postgres.host=" + postgres.host(),
                "--relay.postgres.port=" + postgres.port(),
                "--relay.postgres.database=" + postgres.database(),
                "--relay.postgres.user=" + postgres.user(),
                "--relay.postgres.password=" + postgres.password(),
                // A test's link does not ping as a gateway does.
                "--relay.broadcast.link.silence=5m",
                "--relay.broadcast.port=0",
                "--relay.broadcast.address=127.0.0.1"));
        for (String setting : more) {
            settings.removeIf(other -> other.startsWith(setting.replaceFirst("=.*", "=")));
            settings.add(setting);
        }
        ConfigurableApplicationContext service = BroadcastService.start(settings.toArray(String[]::new));
        services.add(service);
        String port = service.getEnvironment().getProperty("local.server.port");
        return Integer.parseInt(Objects.requireNonNull(port));
    }

    /// The service started last.
    ConfigurableApplicationContext service() {
        return services.getLast();
    }

    int startReady(String... more) {
        int port = start(more);
        awaitReady();
        return port;
    }

    void awaitReady() {
        var feed = service().getBean(BroadcastFeed.class);
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(feed::isStarted);
    }

    String token() {
        return seal.linkToken();
    }

    TestLedger ledger() {
        return ledger;
    }

    Position last() {
        return last;
    }

    Event event(int kind) {
        return event(kind, "event");
    }

    Event event(int kind, String content) {
        return Event.of(AUTHOR, 1_700_000_000 + ++events, kind, List.of(), content);
    }

    /// Decides and stores the event, but lets nobody know.
    Position decide(Event event, Origin origin) {
        last = new Position(last.epoch(), last.seq() + 1);
        ledger.store(last, event, origin);
        ledger.commit(last);
        return last;
    }

    Position decide(Event event) {
        return decide(event, Origin.CLIENT);
    }

    /// Decides, stores and emits the event.
    Position accept(Event event) {
        Position at = decide(event);
        emit(at, event);
        return at;
    }

    void emit(Position at, Event event) {
        emit(new BroadcastRecord(at, Origin.CLIENT, List.of(), event.kind(), event.json()));
    }

    void emit(BroadcastRecord record) {
        log(records.toBroadcast(record));
    }

    /// As a record that is not on its way to the log yet.
    ProducerRecord<byte[], byte[]> record(Position at, Event event) {
        return records.toBroadcast(new BroadcastRecord(at, Origin.CLIENT, List.of(), event.kind(), event.json()));
    }

    /// Returns when the broker has it.
    void log(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (Exception failure) {
            throw new IllegalStateException("the log does not take a record", failure);
        }
    }

    /// The database is restored to an earlier state, and the next decision begins a new epoch.
    void goBack(Position to) {
        last = new Position(last.epoch() + 1, to.seq());
        ledger.goBack(last);
    }

    void stopServices() {
        services.forEach(ConfigurableApplicationContext::close);
        services.clear();
    }

    @Override
    public void close() throws SQLException {
        stopServices();
        producer.close();
        ledger.close();
    }
}
