package dev.rookery.query;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.filter.Visibility;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Counted;
import dev.rookery.link.LinkFrame.End;
import dev.rookery.link.LinkFrame.Page;
import dev.rookery.order.Position;
import dev.rookery.query.answer.AnswerProperties;
import dev.rookery.query.answer.Answering;
import dev.rookery.query.answer.Answers;
import dev.rookery.query.answer.CountProperties;
import dev.rookery.query.answer.PagedAnswer;
import dev.rookery.query.answer.Part;
import dev.rookery.query.answer.SearchProperties;
import dev.rookery.query.answer.SyncProperties;
import dev.rookery.query.stored.ViewPools;
import dev.rookery.query.stored.ViewProperties;
import dev.rookery.query.stored.ViewServer;
import dev.rookery.query.window.Window;
import dev.rookery.query.window.WindowProperties;
import dev.rookery.testservers.TestPostgres;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/// Answers straight from a test's database, without a link.
public final class TestAnswers implements AutoCloseable {

    public static final long NOW = 1_760_000_000;
    public static final AnswerProperties PROPERTIES =
            new AnswerProperties(5_000, 5_000, DataSize.ofKilobytes(256), 500, Duration.ofSeconds(10), 100_000, 5_000);

    public static final SearchProperties SEARCH =
            new SearchProperties(5_000, 2_000, DataSize.ofMegabytes(4), Duration.ofSeconds(2));
    public static final CountProperties COUNT = new CountProperties(4, 100_000, Duration.ofSeconds(10));
    public static final SyncProperties SYNC = new SyncProperties(
            100_000, 150_000, Duration.ofSeconds(10), Duration.ofSeconds(30), DataSize.ofKilobytes(128));
    public static final Answering.Bounds BOUNDS = new Answering.Bounds(PROPERTIES, SEARCH, COUNT, SYNC);
    public static final Set<Integer> SEARCHED = Set.of(0, 1, 30_023, 1059);

    private final LoopResources loops = LoopResources.create("test", 2, true);
    private final Scheduler workers = Schedulers.newParallel("test-worker", 2, true);
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final ViewPools pools;
    private final Answers answers;

    public TestAnswers(TestPostgres postgres) {
        this(postgres, PROPERTIES);
    }

    public TestAnswers(TestPostgres postgres, AnswerProperties properties) {
        this(postgres, properties, SEARCH);
    }

    public TestAnswers(TestPostgres postgres, AnswerProperties properties, SearchProperties search) {
        this(postgres, new Answering.Bounds(properties, search, COUNT, SYNC));
    }

    public TestAnswers(TestPostgres postgres, Answering.Bounds bounds) {
        this(postgres, bounds, views());
    }

    /// With a window beside the database.
    public TestAnswers(TestPostgres postgres, Window window) {
        this(postgres, BOUNDS, views(), window);
    }

    public TestAnswers(TestPostgres postgres, Answering.Bounds bounds, ViewProperties views) {
        this(postgres, bounds, views, noWindow(new SimpleMeterRegistry()));
    }

    private TestAnswers(TestPostgres postgres, Answering.Bounds bounds, ViewProperties views, Window window) {
        pools = ViewPools.open(server(postgres), views, loops, meters);
        Clock clock = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);
        var rules = new Answering.Rules(bounds, new Visibility(Set.of(1059)), SEARCHED);
        answers = new Answers(new Answering(pools.views(), pools.order(), rules, clock, workers), window, meters);
    }

    /// A window that never answers.
    public static Window noWindow(MeterRegistry meters) {
        return new Window(window(DataSize.ofBytes(0)), meters, System::nanoTime);
    }

    public static WindowProperties window(DataSize size) {
        return new WindowProperties(
                size, List.of(), 20_000, Duration.ofMillis(20), Duration.ofSeconds(5), Duration.ofMillis(100));
    }

    public static ViewProperties views() {
        return new ViewProperties(
                List.of(), 4, 100, Duration.ofSeconds(5), Duration.ofSeconds(7), Duration.ofMillis(20));
    }

    public static ViewServer server(TestPostgres postgres) {
        return new ViewServer(
                postgres.host(), postgres.port(), postgres.database(), postgres.user(), postgres.password());
    }

    /// How many statements the database has been asked.
    public long questions() {
        return meters.find("rookery.query.statement").timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    public ViewPools pools() {
        return pools;
    }

    public Answers answers() {
        return answers;
    }

    public MeterRegistry meters() {
        return meters;
    }

    /// What a COUNT is answered.
    public Counted count(String filters, Bytes32... viewers) {
        return Objects.requireNonNull(counted(filters, viewers).block(Duration.ofSeconds(20)));
    }

    public Mono<Counted> counted(String filters, Bytes32... viewers) {
        byte[] json = filters.getBytes(StandardCharsets.UTF_8);
        return answers.count(new LinkFrame.Count(1, Position.NONE, json, List.of(viewers)));
    }

    /// All events of an answer, asked for in pages of so many bytes.
    public List<Event> all(String filters, long pageBytes, Bytes32... viewers) {
        return events(parts(filters, pageBytes, viewers));
    }

    public List<Part> parts(String filters, long pageBytes, Bytes32... viewers) {
        byte[] json = filters.getBytes(StandardCharsets.UTF_8);
        PagedAnswer answer = answers.query(new LinkFrame.Query(1, Position.NONE, 0, json, List.of(viewers)));
        List<Part> parts = new ArrayList<>();
        do {
            parts.add(Objects.requireNonNull(answer.next(pageBytes).block(Duration.ofSeconds(20))));
        } while (!parts.getLast().isLast());
        return parts;
    }

    public static List<Event> events(List<Part> parts) {
        List<Event> events = new ArrayList<>();
        for (Part part : parts) {
            for (LinkFrame.ToGateway frame : part.frames()) {
                switch (frame) {
                    case Page page ->
                        page.events()
                                .forEach(json ->
                                        events.add(EventsSchema.event(new String(json, StandardCharsets.UTF_8))));
                    case End end -> {}
                    default -> throw new AssertionError("unexpected " + frame);
                }
            }
        }
        return events;
    }

    @Override
    public void close() {
        pools.close();
        workers.dispose();
        loops.dispose();
    }
}
