package dev.rookery.query.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Cancel;
import dev.rookery.link.LinkFrame.Credit;
import dev.rookery.link.LinkFrame.End;
import dev.rookery.link.LinkFrame.Failed;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Page;
import dev.rookery.link.LinkFrame.Placed;
import dev.rookery.link.LinkFrame.Query;
import dev.rookery.link.LinkFrame.Range;
import dev.rookery.link.LinkFrame.RangePage;
import dev.rookery.link.LinkFrame.Status;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.QueryService;
import dev.rookery.query.TestAnswers;
import dev.rookery.query.stored.ViewServer;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.topics.Seal;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/// The service as it runs, over a real WebSocket.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ExtendWith(PostgresExtension.class)
class LinkIT {

    private static final String SECRET = "a secret for this test";
    private static final String PATIENT = "--relay.query.link.silence=5m";
    private static final long ALL = 1 << 30;
    private static final long START = 1_700_000_000;
    private static final int REQUESTS = 20;
    /// Long enough for an answer to have come, if there were one.
    private static final Duration QUIET = Duration.ofMillis(100);

    private static EventsSchema schema;
    private static ConfigurableApplicationContext service;
    private static SchnorrSigner signer;

    private TestLink link;

    @BeforeAll
    static void start(TestPostgres postgres) {
        schema = EventsSchema.in(postgres);
        schema.execute("alter role rookery_query login password '%s'".formatted(SECRET));
        byte[] secret = new byte[32];
        secret[31] = 7;
        signer = new SchnorrSigner(secret);
        service = QueryService.start(settings(postgres).toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void open() {
        schema.clear();
        link = new TestLink(port(service), new Seal(SECRET).linkToken());
    }

    @AfterEach
    void close() {
        link.close();
    }

    @Test
    void answersWithPagesAndTheirEnd() throws InterruptedException {
        List<Event> events = stored(3);

        link.send(query(7, Position.NONE, ALL, "[{}]"));

        assertThat(link.answer())
                .satisfiesExactly(
                        page -> assertThat(texts((Page) page)).isEqualTo(newestFirst(events)),
                        end -> assertThat(end).isEqualTo(new End(7, new Position(1, 3))));
    }

    @Test
    void endsAnEmptyAnswerWithItsSnapshot() throws InterruptedException {
        stored(2);

        link.send(query(1, Position.NONE, ALL, "[{\"kinds\":[5]},{\"ids\":[]},{\"limit\":0}]"));

        assertThat(link.answer()).containsExactly(new End(1, new Position(1, 2)));
    }

    @Test
    void sendsNoMoreThanTheCreditAndGoesOnWhenMoreIsGranted() throws InterruptedException {
        List<Event> events = stored(3);
        long size = events.getFirst().json().length;

        link.send(query(1, Position.NONE, size + 1, "[{}]"));
        assertThat(texts((Page) link.next())).isEqualTo(newestFirst(events).subList(0, 1));
        link.send(new Credit(1, 1));
        assertThat(texts((Page) link.next())).isEqualTo(newestFirst(events).subList(1, 2));
        assertThat(link.nextWithin(QUIET)).isNull();

        link.send(new Credit(1, ALL));
        assertThat(texts((Page) link.next())).isEqualTo(newestFirst(events).subList(2, 3));
        assertThat(link.next()).isEqualTo(new End(1, new Position(1, 3)));
    }

    @Test
    void countsAndReconcilesBesideWhatIsAsked() throws InterruptedException {
        List<Event> events = stored(3);
        byte[] all = HexFormat.of().parseHex("6100000200");

        link.send(new LinkFrame.Count(1, Position.NONE, "[{\"limit\":1}]".getBytes(UTF_8), List.of()));
        assertThat(link.next()).hasFieldOrPropertyWithValue("count", 3L);
        link.send(new LinkFrame.Reconcile(2, Position.NONE, "[{}]".getBytes(UTF_8), List.of(), all));
        var first = (LinkFrame.Reconciled) link.next();
        assertThat(first.message()).hasSize(5 + 3 * 32);
        schema.remove(events);
        link.send(new LinkFrame.ReconcileOn(2, all));
        assertThat(link.next()).usingRecursiveComparison().isEqualTo(first);
    }

    @Test
    void saysNothingMoreOfACancelledRequestAndFreesItsPlace() throws InterruptedException {
        stored(3);

        for (int request = 1; request <= 3 * REQUESTS; request++) {
            link.send(query(request, Position.NONE, 1, "[{}]"));
            assertThat(link.next()).isInstanceOf(Page.class);
            link.send(new Cancel(request));
            link.send(new Credit(request, ALL));
        }

        assertThat(link.nextWithin(QUIET)).isNull();
    }

    @Test
    void refusesRequestsBeyondTheBoundAndServesTheOthers() throws InterruptedException {
        stored(1);
        for (int request = 1; request <= REQUESTS; request++) {
            link.send(query(request, Position.NONE, 0, "[{}]"));
        }

        link.send(query(99, Position.NONE, ALL, "[{}]"));

        assertThat(link.next()).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.request()).isEqualTo(99);
            assertThat(failed.failure()).isEqualTo(Failure.OVERLOADED);
        });
        link.send(new Credit(2, ALL));
        assertThat(link.answer()).last().isEqualTo(new End(2, new Position(1, 1)));
    }

    @Test
    void answersManyRequestsAtOnce() throws InterruptedException {
        stored(5);
        for (int request = 1; request <= REQUESTS; request++) {
            link.send(query(request, Position.NONE, ALL, "[{\"limit\":%d}]".formatted(request % 5 + 1)));
        }

        Map<Integer, Integer> events = new HashMap<>();
        for (int ends = 0; ends < REQUESTS; ) {
            switch (link.next()) {
                case Page page -> events.merge(page.request(), page.events().size(), Integer::sum);
                case End end -> ends++;
                case LinkFrame other -> throw new AssertionError("unexpected " + other);
            }
        }
        assertThat(events)
                .hasSize(REQUESTS)
                .allSatisfy((request, count) -> assertThat(count).isEqualTo(request % 5 + 1));
    }

    @Test
    void waitsForAViewThatIsBehind() throws InterruptedException {
        stored(2);
        link.send(query(1, new Position(1, 3), ALL, "[{}]"));
        assertThat(link.nextWithin(Duration.ofMillis(30))).isNull();

        schema.store(List.of(Event.of(signer, START - 1, 1, List.of(), "late")));

        assertThat(link.answer()).first().isInstanceOfSatisfying(Page.class, page -> {
            assertThat(page.snapshot()).isEqualTo(new Position(1, 3));
            assertThat(page.events()).hasSize(3);
        });
    }

    @Test
    void failsWhenNoViewReachesThePositionAskedFor() throws InterruptedException {
        stored(2);

        link.send(query(1, new Position(1, 3), ALL, "[{}]"));
        link.send(query(2, new Position(2, 0), ALL, "[{}]"));

        assertThat(List.of(link.next(), link.next()))
                .allSatisfy(frame -> assertThat(((Failed) frame).failure()).isEqualTo(Failure.BEHIND));
    }

    @Test
    void givesNoAnswerWhileTheLogIsReadAgain() throws InterruptedException {
        stored(1);
        schema.execute("update events.sequencer set epoch = 2, seq = 5");
        schema.execute("update events.progress set decided = 3, catch_up_to = 4");

        link.send(query(1, Position.NONE, ALL, "[{}]"));
        assertThat(((Failed) link.next()).failure()).isEqualTo(Failure.UNAVAILABLE);

        schema.execute("update events.progress set decided = 4");
        link.send(query(2, Position.NONE, ALL, "[{}]"));
        assertThat(link.answer()).last().isEqualTo(new End(2, new Position(2, 5)));
    }

    @Test
    void givesARangeInItsOrderWithoutWhatIsNotToBeDelivered() throws InterruptedException {
        List<Event> events = IntStream.range(0, 6)
                .mapToObj(i -> Event.of(
                        signer,
                        START - i,
                        1,
                        i == 3 ? List.of(Tag.of("test", "undelivered")) : List.of(),
                        "event " + i))
                .toList();
        schema.store(events);

        link.send(new Range(
                1, new Position(1, 1), new Position(1, 5), events.getFirst().json().length + 1));
        link.send(new Credit(1, ALL));

        List<Placed> placed = new ArrayList<>();
        for (LinkFrame frame : link.answer()) {
            if (frame instanceof RangePage page) {
                placed.addAll(page.events());
            }
        }
        assertThat(placed).map(Placed::seq).containsExactly(2L, 3L, 5L);
        assertThat(placed)
                .map(one -> new String(one.event(), UTF_8))
                .containsExactly(
                        events.get(1).toString(),
                        events.get(2).toString(),
                        events.get(4).toString());
    }

    @Test
    void refusesARangeOfAnEpochThatIsOver() throws InterruptedException {
        stored(3);
        schema.execute("update events.sequencer set epoch = 3");

        link.send(new Range(1, new Position(1, 1), new Position(1, 2), ALL));
        link.send(new Range(2, new Position(1, 1), new Position(3, 2), ALL));

        assertThat(List.of(link.next(), link.next()))
                .allSatisfy(frame -> assertThat(((Failed) frame).failure()).isEqualTo(Failure.INVALID));
    }

    @Test
    void refusesWhatMakesNoSense() throws InterruptedException {
        link.send(query(1, Position.NONE, ALL, "[{\"kinds\":1}]"));
        assertThat(((Failed) link.next()).failure()).isEqualTo(Failure.INVALID);

        link.send(query(3, Position.NONE, 0, "[{}]"));
        link.send(query(3, Position.NONE, 0, "[{}]"));
        assertThat(((Failed) link.next()).failure()).isEqualTo(Failure.INVALID);
    }

    @Test
    void closesALinkThatSendsNoFrames() {
        link.sendBytes(new byte[] {99});

        assertThat(link.closedWith()).isEqualTo(1002);
    }

    /// A gateway whose host is gone says nothing any more; what it has asked for must not be kept for it.
    @Test
    void endsALinkOnWhichNothingIsHeard(TestPostgres postgres) {
        List<String> settings = settings(postgres);
        settings.remove(PATIENT);
        settings.add("--relay.query.link.silence=300ms");
        try (ConfigurableApplicationContext brief = QueryService.start(settings.toArray(String[]::new));
                TestLink silent = new TestLink(port(brief), new Seal(SECRET).linkToken())) {
            MeterRegistry meters = brief.getBean(MeterRegistry.class);
            silent.send(query(1, Position.NONE, 0, "[{}]"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> meters.get("rookery.query.links").gauge().value() == 0);
        }
    }

    @Test
    void refusesAStranger() {
        assertThatThrownBy(() -> new TestLink(port(service), "guessed")).hasStackTraceContaining("status code 401");
    }

    @Test
    void saysSoWhenTheDatabaseIsGoneAndServesAgainWhenItIsBack(TestPostgres postgres) throws InterruptedException {
        stored(1);
        String database = postgres.database();
        server("alter database \"%s\" allow_connections false".formatted(database));
        try {
            server("select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'".formatted(database));
            link.send(query(1, Position.NONE, ALL, "[{}]"));
            link.send(new Status(2, Position.NONE, List.of()));

            assertThat(List.of(link.next(), link.next()))
                    .allSatisfy(frame -> assertThat(((Failed) frame).failure()).isEqualTo(Failure.UNAVAILABLE));
        } finally {
            server("alter database \"%s\" allow_connections true".formatted(database));
        }
        link.send(query(3, Position.NONE, ALL, "[{}]"));
        assertThat(link.answer()).last().isEqualTo(new End(3, new Position(1, 1)));
    }

    private static List<String> settings(TestPostgres postgres) {
        ViewServer server = TestAnswers.server(postgres);
        return new ArrayList<>(List.of(
                "--relay.secret=" + SECRET,
                "--relay.query.port=0",
                "--relay.query.view.behind=400ms",
                "--relay.query.link.requests=" + REQUESTS,
                // A test's link does not ping as a gateway does.
                PATIENT,
                "--relay.postgres.host=" + server.host(),
                "--relay.postgres.port=" + server.port(),
                "--relay.postgres.database=" + server.database(),
                "--relay.postgres.password=" + SECRET));
    }

    /// To the server as a whole, for what cannot be said within the database.
    private static void server(String sql) {
        TestPostgres own = schema.postgres();
        String url = own.jdbcUrl().replace(own.database(), "postgres");
        try (Connection connection = DriverManager.getConnection(url, own.user(), own.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static int port(ConfigurableApplicationContext context) {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    private static List<Event> stored(int count) {
        List<Event> events = IntStream.range(0, count)
                .mapToObj(i -> Event.of(signer, START + i, 1, List.of(Tag.of("t", "x")), "event " + i))
                .toList();
        schema.store(events);
        return events;
    }

    private static Query query(int request, Position atLeast, long credit, String filters) {
        return new Query(request, atLeast, credit, filters.getBytes(UTF_8), List.of());
    }

    private static List<String> texts(Page page) {
        return page.events().stream().map(json -> new String(json, UTF_8)).toList();
    }

    private static List<String> newestFirst(List<Event> events) {
        return events.reversed().stream().map(Event::toString).toList();
    }
}
