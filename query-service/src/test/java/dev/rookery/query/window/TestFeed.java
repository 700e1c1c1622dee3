package dev.rookery.query.window;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.rookery.event.Event;
import dev.rookery.filter.FilterReader;
import dev.rookery.filter.Visibility;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.order.Effect;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.query.stored.Call;
import dev.rookery.query.stored.TestCalls;
import dev.rookery.query.stored.ViewPools;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.BroadcastTail;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Origin;
import dev.rookery.topics.Seal;
import dev.rookery.topics.TopicSetup;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/// A window that follows a real database and a real log, and a hand that does what the indexer would.
final class TestFeed implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(60);

    private static final int QUESTIONS =
            TestAnswers.views().connections() + TestAnswers.views().waiting();

    private final EventsSchema schema;
    private final LogRecords records;
    private final KafkaProducer<byte[], byte[]> producer;
    private final LoopResources loops = LoopResources.create("test", 2, true);
    private final Scheduler workers = Schedulers.newParallel("test-worker", 2, true);
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final ViewPools pools;
    private final Window window;
    private final WindowFeed feed;
    private final BroadcastTail tail;
    private long epoch = 1;
    private long seq;

    TestFeed(TestKafka kafka, TestPostgres postgres, EventsSchema schema, WindowProperties properties)
            throws ExecutionException, InterruptedException {
        this.schema = schema;
        Topics topics = new Topics(kafka.named(""));
        Map<String, Object> brokers = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(brokers)) {
            new TopicSetup(topics, 1).declare(admin);
        }
        Seal seal = new Seal("a secret for this test");
        records = new LogRecords(topics, seal);
        producer = new KafkaProducer<>(brokers, new ByteArraySerializer(), new ByteArraySerializer());
        pools = ViewPools.open(TestAnswers.server(postgres), TestAnswers.views(), loops, meters);
        window = new Window(properties, meters, System::nanoTime);
        var loader = new WindowLoader(window, pools.followed(), Clock.systemUTC(), workers);
        feed = new WindowFeed(loader, properties, System::nanoTime);
        tail = new BroadcastTail(brokers, topics, seal);
    }

    void start() {
        tail.join(feed);
    }

    /// Stores events, each with the next number, and lets nobody know.
    void decide(Event... events) {
        schema.store(List.of(events));
        seq += events.length;
    }

    /// Stores an event, and takes out others with it.
    void accept(Event event, Event... gone) {
        schema.remove(List.of(gone));
        decide(event);
        emit(event, seq, gone);
    }

    void emit(Event event, long number, Event... gone) {
        List<Effect> effects = List.of(gone).stream()
                .<Effect>map(one -> new Effect.Removed(one.id(), one.createdAt()))
                .toList();
        Position at = new Position(epoch, number);
        producer.send(records.toBroadcast(new BroadcastRecord(at, Origin.CLIENT, effects, event.kind(), event.json())));
    }

    /// The next number is of another epoch.
    void beginEpoch() {
        epoch++;
        schema.execute("update events.sequencer set epoch = epoch + 1");
    }

    /// The database is as it was at an earlier position.
    void goBack(long to) {
        schema.execute("delete from events.event where seq > %d; delete from events.identity where seq > %d"
                .formatted(to, to));
        schema.execute("update events.sequencer set seq = " + to);
        seq = to;
    }

    long seq() {
        return seq;
    }

    boolean isServing() {
        return window.isServing();
    }

    /// Requests take all connections they can have, and more wait than may, for as long as this goes on.
    Disposable overload() {
        Call<Boolean> slow = TestCalls.sleep(500);
        return Flux.range(0, 2 * QUESTIONS)
                .flatMap(
                        i -> pools.views()
                                .first(Position.NONE, slow)
                                .onErrorResume(refused ->
                                        Mono.delay(Duration.ofMillis(50)).then(Mono.empty()))
                                .repeat(),
                        Integer.MAX_VALUE)
                .subscribe();
    }

    /// How often the database has told how far it is.
    double polls() {
        return meters.get("rookery.query.statement")
                .tags("view", "primary-followed", "step", "position")
                .timer()
                .count();
    }

    double loads() {
        return meters.counter("rookery.query.window.loads").count();
    }

    Window window() {
        return window;
    }

    /// The window serves, and is where the database is.
    void awaitIt() {
        await().atMost(BOUND)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> window.isServing() && window.at().equals(new Position(epoch, seq)));
    }

    /// What the window holds; nothing where it leaves that to the database.
    Optional<List<Event>> all() {
        return asked("[{\"limit\":100000}]");
    }

    Optional<List<Event>> asked(String filters) {
        var viewing = new Viewing(new Visibility(Set.of()), Set.of(), 0);
        try {
            List<HotFilter> read = FilterReader.readAll(filters.getBytes(UTF_8)).stream()
                    .map(filter -> HotFilter.of(filter, filter.limit().orElse(500)))
                    .toList();
            return window.answer(Position.NONE, read, viewing)
                    .map(answer -> answer.events().stream()
                            .map(json -> EventsSchema.event(new String(json, UTF_8)))
                            .toList());
        } catch (MalformedMessageException malformed) {
            throw new IllegalStateException(malformed);
        }
    }

    @Override
    public void close() {
        tail.close();
        feed.close();
        producer.close();
        pools.close();
        workers.dispose();
        loops.dispose();
    }
}
