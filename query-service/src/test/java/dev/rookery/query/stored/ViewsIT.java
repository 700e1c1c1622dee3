package dev.rookery.query.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rookery.embedded.FreePort;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.order.Position;
import dev.rookery.proxy.Proxy;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.query.stored.Views.First;
import dev.rookery.query.stored.Views.Snapshot;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/// A primary and a replica, played by two databases, of which the second is set behind by hand.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ExtendWith(PostgresExtension.class)
class ViewsIT {

    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final StoredView.Bounds BOUNDS = new StoredView.Bounds(100, Duration.ofSeconds(5));

    private static EventsSchema primary;
    private static EventsSchema replica;
    private static LoopResources loops;
    private static ConnectionPool primaryPool;
    private static ConnectionPool replicaPool;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Views views;

    @BeforeAll
    static void start(TestPostgres postgres) {
        primary = EventsSchema.in(postgres);
        primary.execute("create database replica");
        replica = EventsSchema.in(new TestPostgres(
                "replica",
                postgres.jdbcUrl().replace(postgres.database(), "replica"),
                postgres.r2dbcUrl().replace(postgres.database(), "replica"),
                postgres.user(),
                postgres.password()));
        loops = LoopResources.create("views", 1, true);
        primaryPool = pool(primary, TestAnswers.views());
        replicaPool = pool(replica, TestAnswers.views());
    }

    @AfterAll
    static void stop() {
        primaryPool.dispose();
        replicaPool.dispose();
        loops.dispose();
    }

    @BeforeEach
    void views() {
        views = new Views(
                new StoredView("primary", primaryPool, BOUNDS, meters),
                List.of(new StoredView("replica", replicaPool, BOUNDS, meters)),
                PATIENCE);
        at(primary, 1, 10);
        at(replica, 1, 7);
    }

    @Test
    void asksTheReplicaAsLongAsItIsNewEnough() {
        assertThat(first(new Position(1, 7)).view().name()).isEqualTo("replica");
        assertThat(first(new Position(1, 7)).at()).isEqualTo(new Position(1, 7));
    }

    @Test
    void waitsForAReplicaThatCatchesUp() {
        Mono<Snapshot> asked = views.first(new Position(1, 8), Calls.position()).map(First::snapshot);

        CompletableFuture<Snapshot> answer = asked.toFuture();
        at(replica, 1, 9);
        Snapshot snapshot = answer.orTimeout(10, TimeUnit.SECONDS).join();

        assertThat(snapshot.view().name()).isEqualTo("replica");
        assertThat(snapshot.at()).isEqualTo(new Position(1, 9));
    }

    @Test
    void asksThePrimaryWhenTheReplicaStaysBehind() {
        assertThat(first(new Position(1, 8))).satisfies(snapshot -> {
            assertThat(snapshot.view().name()).isEqualTo("primary");
            assertThat(snapshot.at()).isEqualTo(new Position(1, 10));
        });
    }

    @Test
    void failsWhenThePrimaryIsBehindToo() {
        assertFails(() -> first(new Position(1, 11)), Failure.BEHIND);
        assertFails(() -> first(new Position(2, 0)), Failure.BEHIND);
    }

    @Test
    void asksThePrimaryWhenTheReplicaIsGone() {
        ConnectionPool nowhere = ViewConnections.pool(
                new ViewServer("127.0.0.1", 1, "none", "none", "none"), TestAnswers.views(), loops);
        views = new Views(
                new StoredView("primary", primaryPool, BOUNDS, meters),
                List.of(new StoredView("gone", nowhere, BOUNDS, meters)),
                PATIENCE);

        assertThat(first(new Position(1, 7)).view().name()).isEqualTo("primary");
        nowhere.dispose();
    }

    /// Its system takes connections, and the process behind it is frozen.
    @Test
    void asksAReplicaThatSaysNothingNoMoreOnceThatIsKnown() throws IOException {
        try (ServerSocket frozen = frozen()) {
            ConnectionPool pool = silent(frozen);
            views = new Views(
                    new StoredView("primary", primaryPool, BOUNDS, meters),
                    List.of(new StoredView("frozen", pool, new StoredView.Bounds(100, PATIENCE), meters)),
                    PATIENCE);

            for (int i = 0; i < 20; i++) {
                assertThat(first(new Position(1, 7)).view().name()).isEqualTo("primary");
            }
            assertThat(questions("frozen")).isEqualTo(1);
            pool.dispose();
        }
    }

    @Test
    void asksAReplicaAgainWhenAProbeHasBeenAnswered() {
        Snapshot snapshot = first(new Position(1, 7));
        replica.execute("alter schema events rename to away");
        assertThat(first(new Position(1, 7)).view().name()).isEqualTo("primary");
        replica.execute("alter schema away rename to events");

        double asked = questions("replica");
        assertThat(first(new Position(1, 7)).view().name()).isEqualTo("primary");
        assertThat(views.further(snapshot, Calls.position()).block(Duration.ofSeconds(10)))
                .isTrue();
        assertThat(questions("replica")).isEqualTo(asked);
        Disposable probes = views.probes().subscribe();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> first(new Position(1, 7)).view().name().equals("replica"));
        probes.dispose();
    }

    @Test
    void asksThePrimaryWhenTheReplicaIsAskedTooMuch() {
        StoredView narrow = new StoredView(
                "narrow", replicaPool, new StoredView.Bounds(1, Duration.ofSeconds(5)), new SimpleMeterRegistry());
        views = new Views(new StoredView("primary", primaryPool, BOUNDS, meters), List.of(narrow), PATIENCE);
        CompletableFuture<Read<Boolean>> asking =
                narrow.ask(TestCalls.sleep(1_000)).toFuture();

        assertThat(first(new Position(1, 7)).view().name()).isEqualTo("primary");
        asking.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Test
    void tellsHowFarAnyViewIsWhenAnotherSaysNothing() throws IOException {
        try (ServerSocket frozen = frozen()) {
            ConnectionPool pool = silent(frozen);
            var patient = new StoredView.Bounds(100, Duration.ofSeconds(60));
            StoredView gone = new StoredView("frozen", pool, patient, meters);
            StoredView there = new StoredView("replica", replicaPool, BOUNDS, meters);

            assertThat(new Views(gone, List.of(there), PATIENCE).reached().block(Duration.ofSeconds(30)))
                    .isEqualTo(new Position(1, 7));
            assertThat(new Views(there, List.of(gone), PATIENCE).reached().block(Duration.ofSeconds(30)))
                    .isEqualTo(new Position(1, 7));
            pool.dispose();
        }
    }

    @Test
    void readsFurtherFromThePrimaryWhenTheReplicaHasFallenBehindTheSnapshot() {
        at(replica, 1, 9);
        Snapshot snapshot = first(new Position(1, 9));
        at(replica, 1, 8);

        assertThat(views.further(snapshot, Calls.position()).block(Duration.ofSeconds(10)))
                .isTrue();
        at(primary, 1, 8);
        assertFails(() -> views.further(snapshot, Calls.position()).block(Duration.ofSeconds(10)), Failure.BEHIND);
    }

    @Test
    void refusesQuestionsBeyondTheBoundAtOnce() {
        StoredView narrow = new StoredView(
                "narrow", primaryPool, new StoredView.Bounds(3, Duration.ofSeconds(5)), new SimpleMeterRegistry());

        List<Failure> failures =
                Objects.requireNonNull(Flux.fromStream(IntStream.range(0, 10).boxed())
                        .flatMap(i -> narrow.ask(TestCalls.sleep(200))
                                .flatMap(read -> Mono.<Failure>empty())
                                .onErrorResume(QueryFailure.class, failure -> Mono.just(failure.failure())))
                        .collectList()
                        .block(Duration.ofSeconds(10)));

        assertThat(failures).hasSize(7).containsOnly(Failure.OVERLOADED);
        assertThat(narrow.ask(Calls.position()).block(Duration.ofSeconds(10))).isNotNull();
    }

    @Test
    void givesUpAStatementThatRunsTooLong() {
        ViewProperties hasty = new ViewProperties(
                List.of(), 1, 10, Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofMillis(20));
        ConnectionPool pool = pool(primary, hasty);
        StoredView view = new StoredView("hasty", pool, new StoredView.Bounds(3, Duration.ofSeconds(5)), meters);

        assertFails(() -> view.ask(TestCalls.sleep(3_000)).block(Duration.ofSeconds(10)), Failure.TOO_SLOW);
        pool.dispose();
    }

    @Test
    void countsAServerThatSaysNothingAsGone() {
        StoredView view =
                new StoredView("silent", primaryPool, new StoredView.Bounds(3, Duration.ofMillis(100)), meters);

        assertFails(() -> view.ask(TestCalls.sleep(1_000)).block(Duration.ofSeconds(10)), Failure.UNAVAILABLE);
    }

    /// The host of the database is gone without a word, and another is at its address: what is sent to the one leads
    /// nowhere, and a statement cannot be ended there.
    @Test
    void asksNothingMoreOnAConnectionOnWhichTheServerWasSilent() throws IOException {
        ViewProperties two = new ViewProperties(
                List.of(), 2, 10, Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofMillis(20));
        TestPostgres postgres = primary.postgres();
        try (Proxy road = new Proxy(FreePort.orChosen(0), postgres.port())) {
            ViewServer far = TestAnswers.server(postgres).at("127.0.0.1:" + road.port());
            ConnectionPool pool = ViewConnections.pool(far, two, loops);
            StoredView view = new StoredView("far", pool, new StoredView.Bounds(3, Duration.ofSeconds(1)), meters);
            Flux.merge(view.ask(TestCalls.sleep(300)), view.ask(TestCalls.sleep(300)))
                    .blockLast(Duration.ofSeconds(10));
            road.lose();

            for (int i = 0; i < 2; i++) {
                assertFails(() -> view.ask(Calls.position()).block(Duration.ofSeconds(10)), Failure.UNAVAILABLE);
            }
            assertThat(view.ask(Calls.position()).block(Duration.ofSeconds(10))).isNotNull();
            pool.dispose();
        }
    }

    /// Otherwise whoever gets the connection next waits for a statement that nobody waits for any more.
    @Test
    void endsAStatementThatIsGivenUpBeforeItsConnectionIsTakenAgain() throws SQLException {
        ViewProperties patient = new ViewProperties(
                List.of(), 1, 10, Duration.ofMinutes(5), Duration.ofMinutes(6), Duration.ofMillis(20));
        ConnectionPool pool = pool(primary, patient);
        StoredView view = new StoredView("patient", pool, new StoredView.Bounds(3, patient.silence()), meters);
        try (Connection connection = primary.postgres().connect();
                Statement statement = connection.createStatement()) {
            Disposable asking = view.ask(TestCalls.sleep(300_000)).subscribe();
            await().atMost(Duration.ofMinutes(1)).until(() -> isAsleep(statement));

            asking.dispose();

            assertThat(view.ask(Calls.position()).block(Duration.ofMinutes(1))).isNotNull();
            assertThat(isAsleep(statement)).isFalse();
        }
        assertThat(view.isFailing()).isFalse();
        pool.dispose();
    }

    private static boolean isAsleep(Statement statement) throws SQLException {
        try (ResultSet asleep = statement.executeQuery("select from pg_stat_activity where wait_event = 'PgSleep'")) {
            return asleep.next();
        }
    }

    private static ServerSocket frozen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static ConnectionPool silent(ServerSocket frozen) {
        ViewServer server = new ViewServer("127.0.0.1", frozen.getLocalPort(), "none", "none", "none");
        return ViewConnections.pool(server, TestAnswers.views(), loops);
    }

    /// How many have been asked of a view and come to an end.
    private double questions(String view) {
        return meters.find("rookery.query.statement").tag("view", view).timers().stream()
                .mapToDouble(Timer::count)
                .sum();
    }

    private Snapshot first(Position atLeast) {
        return Objects.requireNonNull(views.first(atLeast, Calls.position()).block(Duration.ofSeconds(10)))
                .snapshot();
    }

    private static void assertFails(Runnable task, Failure expected) {
        assertThatThrownBy(task::run)
                .isInstanceOfSatisfying(
                        QueryFailure.class,
                        failure -> assertThat(failure.failure()).isEqualTo(expected));
    }

    private static void at(EventsSchema schema, long epoch, long seq) {
        schema.execute("update events.sequencer set epoch = %d, seq = %d".formatted(epoch, seq));
    }

    private static ConnectionPool pool(EventsSchema schema, ViewProperties properties) {
        return ViewConnections.pool(TestAnswers.server(schema.postgres()), properties, loops);
    }
}
