package dev.rookery.query.stored;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rookery.embedded.EmbeddedPostgres;
import dev.rookery.event.Event;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Page;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.link.LinkFrame.RangePage;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.QueryService;
import dev.rookery.query.answer.Answers;
import dev.rookery.query.answer.PagedAnswer;
import dev.rookery.query.answer.Part;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.testservers.TestPostgres;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/// The service as it is set up with a read replica: a real one, which streams from the primary and is held back at
/// will.
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ReplicaIT {

    private static final String DATABASE = "relay";
    private static final String PASSWORD = "a password for this test";
    private static final long ALL = 1 << 30;
    private static final Duration BOUND = Duration.ofSeconds(60);

    private static EmbeddedPostgres primary;
    private static StreamingReplica replica;
    private static EventsSchema schema;
    private static ConfigurableApplicationContext service;
    private static Answers answers;
    private final List<Event> events = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        Path first = Files.createDirectory(directory.resolve("primary"));
        primary = new EmbeddedPostgres(first, 0);
        primary.start();
        try (Connection connection = primary.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + DATABASE);
        }
        schema = EventsSchema.in(new TestPostgres(
                DATABASE,
                primary.jdbcUrl(DATABASE),
                primary.r2dbcUrl(DATABASE),
                EmbeddedPostgres.USER,
                primary.password()));
        schema.execute("alter role rookery_query login password '%s'".formatted(PASSWORD));
        replica = StreamingReplica.of(primary, first, Files.createDirectory(directory.resolve("replica")));
        service = QueryService.start(
                "--relay.secret=a secret for this test",
                "--relay.query.port=0",
                "--relay.query.address=127.0.0.1",
                "--relay.query.view.replicas=" + replica.address(),
                "--relay.postgres.host=127.0.0.1",
                "--relay.postgres.port=" + primary.port(),
                "--relay.postgres.database=" + DATABASE,
                "--relay.postgres.password=" + PASSWORD);
        answers = service.getBean(Answers.class);
    }

    @AfterAll
    static void stop() {
        service.close();
        replica.close();
        primary.close();
    }

    @BeforeEach
    void begin() {
        replica.release();
        schema.clear();
        awaitReplicaAt(0);
    }

    @Test
    void sparesThePrimaryAsLongAsTheReplicaIsNewEnough() {
        store(3);
        awaitReplicaAt(3);
        assertThat(contents(parts(at(3), ALL))).isEqualTo(newestFirst(3));
        long asked = asked("primary") + asked("primary-order");

        for (int i = 0; i < 5; i++) {
            assertThat(contents(parts(at(3), ALL))).isEqualTo(newestFirst(3));
            assertThat(range(0, 3)).isEqualTo(contents(0, 3));
        }

        assertThat(asked("primary") + asked("primary-order")).isEqualTo(asked);
        assertThat(asked(replica.address())).isGreaterThan(5);
        assertThat(asked(replica.address() + "-order")).isGreaterThanOrEqualTo(5);
    }

    /// Nobody has been told of more, so that the older state is a right answer.
    @Test
    void answersFromAReplicaThatIsHeldBackWhateverItStillHas() {
        store(3);
        awaitReplicaAt(3);
        replica.hold();
        store(2);

        List<Part> parts = parts(at(3), ALL);
        assertThat(contents(parts)).isEqualTo(newestFirst(3));
        assertThat(snapshots(parts)).containsOnly(at(3));
    }

    @Test
    void asksThePrimaryForWhatTheReplicaHasNotReached() {
        store(3);
        awaitReplicaAt(3);
        replica.hold();
        store(2);

        assertThat(contents(parts(at(5), ALL))).isEqualTo(newestFirst(5));
        assertThat(range(0, 5)).isEqualTo(contents(0, 5));
        assertThat(status(4)).isEqualTo(Decision.ACCEPTED);
        assertThat(replica.seq(DATABASE)).isEqualTo(3);
    }

    @Test
    void asksThePrimaryWhileTheReplicaHasNotHeardOfTheEpoch() {
        store(3);
        awaitReplicaAt(3);
        replica.hold();
        schema.execute("update events.sequencer set epoch = 2");

        List<Part> parts = parts(new Position(2, 0), ALL);
        assertThat(snapshots(parts)).containsOnly(new Position(2, 3));
    }

    /// What was stored in between is newer than the answer, and is told live.
    @Test
    void goesOnAtThePrimaryWithinTheSnapshotWhenTheReplicaGoesBetweenPages() throws Exception {
        store(6);
        awaitReplicaAt(6);
        PagedAnswer answer = answers.query(query(1, at(6)));
        List<Part> parts = new ArrayList<>();
        parts.add(next(answer, events.getFirst().json().length + 1));
        store(3);
        replica.close();
        while (!parts.getLast().isLast()) {
            parts.add(next(answer, events.getFirst().json().length + 1));
        }

        assertThat(parts.size()).isGreaterThan(4);
        assertThat(contents(parts)).isEqualTo(newestFirst(6));
        assertThat(snapshots(parts)).containsOnly(at(6));
        replica.restart();
    }

    @Test
    void answersRightlyHoweverTheReplicaLags() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        boolean held = false;
        for (int round = 0; round < 40; round++) {
            if (random.nextInt(4) == 0) {
                held = !held;
                if (held) {
                    replica.hold();
                } else {
                    replica.release();
                }
            }
            store(random.nextInt(3));
            int reached = random.nextInt(3) == 0 ? random.nextInt(events.size() + 1) : events.size();
            List<Part> parts = parts(at(reached), random.nextBoolean() ? ALL : 700);
            int snapshot = (int) snapshots(parts).getFirst().seq();
            assertThat(snapshot).as("seed %d, round %d", seed, round).isBetween(reached, events.size());
            assertThat(contents(parts)).as("seed %d, round %d", seed, round).isEqualTo(newestFirst(snapshot));
            int after = random.nextInt(reached + 1);
            assertThat(range(after, reached))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(contents(after, reached));
            if (!events.isEmpty()) {
                assertThat(status(random.nextInt(events.size()))).isEqualTo(Decision.ACCEPTED);
            }
        }
    }

    private void store(int count) {
        byte[] secret = new byte[32];
        secret[31] = 7;
        SchnorrSigner signer = new SchnorrSigner(secret);
        List<Event> fresh = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = events.size() + i;
            fresh.add(Event.of(signer, 1_700_000_000 + number, 1, List.of(), "event " + number));
        }
        schema.store(fresh);
        events.addAll(fresh);
    }

    private static void awaitReplicaAt(long seq) {
        await().atMost(BOUND).until(() -> replica.seq(DATABASE) == seq);
    }

    private static Position at(long seq) {
        return new Position(1, seq);
    }

    private List<String> newestFirst(int count) {
        return contents(0, count).reversed();
    }

    private List<String> contents(int from, int to) {
        return events.subList(from, to).stream().map(Event::content).toList();
    }

    private static LinkFrame.Query query(int request, Position atLeast) {
        return new LinkFrame.Query(request, atLeast, ALL, "[{}]".getBytes(UTF_8), List.of());
    }

    private List<Part> parts(Position atLeast, long bytes) {
        return all(answers.query(query(1, atLeast)), bytes);
    }

    private static List<Part> all(PagedAnswer answer, long bytes) {
        List<Part> parts = new ArrayList<>();
        do {
            parts.add(next(answer, bytes));
        } while (!parts.getLast().isLast());
        return parts;
    }

    private static Part next(PagedAnswer answer, long bytes) {
        return Objects.requireNonNull(answer.next(bytes).block(BOUND));
    }

    private List<String> range(long after, long upTo) {
        List<String> contents = new ArrayList<>();
        for (Part part : all(answers.range(new LinkFrame.Range(1, at(after), at(upTo), ALL)), ALL)) {
            for (LinkFrame frame : part.frames()) {
                if (frame instanceof RangePage page) {
                    page.events().forEach(placed -> contents.add(content(placed.event())));
                }
            }
        }
        return contents;
    }

    private Decision status(int event) {
        var question = new Question(events.get(event).id(), "nostr.index", 0, 0);
        var statuses = answers.status(new LinkFrame.Status(1, at(events.size()), List.of(question)));
        return Objects.requireNonNull(statuses.block(BOUND)).decisions().getFirst();
    }

    private static List<String> contents(List<Part> parts) {
        return parts.stream()
                .flatMap(part -> part.frames().stream())
                .filter(Page.class::isInstance)
                .flatMap(frame -> ((Page) frame).events().stream())
                .map(ReplicaIT::content)
                .toList();
    }

    private static List<Position> snapshots(List<Part> parts) {
        return parts.stream()
                .flatMap(part -> part.frames().stream())
                .map(frame -> frame instanceof Page page ? page.snapshot() : ((LinkFrame.End) frame).snapshot())
                .toList();
    }

    private static String content(byte[] json) {
        return EventsSchema.event(new String(json, UTF_8)).content();
    }

    private long asked(String view) {
        return service.getBean(MeterRegistry.class).find("rookery.query.statement").tag("view", view).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }
}
