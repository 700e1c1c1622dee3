package dev.rookery.query.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Reconcile;
import dev.rookery.link.LinkFrame.Reconciled;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.query.stored.QueryFailure;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.util.unit.DataSize;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/// NIP-77: what a reconciliation is about, and what it holds for how long.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@ExtendWith(PostgresExtension.class)
class ReconcileIT {

    private static final long START = 1_700_000_000;

    /// To a range of everything, of which the client has nothing: everything that the relay has.
    private static final byte[] ASKS_FOR_ALL = HexFormat.of().parseHex("6100000200");

    private static EventsSchema schema;
    private static TestAnswers answers;

    @BeforeAll
    static void start(TestPostgres postgres) {
        schema = EventsSchema.in(postgres);
        answers = new TestAnswers(postgres);
    }

    @AfterAll
    static void stop() {
        answers.close();
    }

    @BeforeEach
    void clear() {
        schema.clear();
    }

    @Test
    void tellsTheIdsOfWhatTheFilterFindsByRisingTime() {
        List<Event> events = IntStream.range(0, 50)
                .mapToObj(i -> Event.of(signer(1), START + i / 3, i % 2, List.of(), "" + i))
                .toList();
        schema.store(events);
        List<Bytes32> wanted = events.stream()
                .filter(event -> event.kind() == 1 && event.createdAt() > START + 3)
                .sorted(Comparator.comparingLong(Event::createdAt).thenComparing(Event::id))
                .map(Event::id)
                .toList();

        assertThat(ids("{\"kinds\":[1],\"since\":%d}".formatted(START + 4))).isEqualTo(wanted);
        assertThat(ids("{\"kinds\":[1],\"limit\":4}"))
                .as("the newest, as a REQ would bring")
                .isEqualTo(wanted.subList(wanted.size() - 4, wanted.size()));
        assertThat(ids("{\"limit\":0}")).isEmpty();
        assertThat(ids("{\"kinds\":[]}")).isEmpty();
    }

    @Test
    void tellsNothingThatHasExpiredOrVanishedOrIsForOthers() {
        Bytes32 recipient = Bytes32.of(signer(3).publicKey());
        SchnorrSigner gone = signer(2);
        Event note = Event.of(signer(1), START, 1, List.of(), "");
        Event wrap = Event.of(signer(1), START + 1, 1059, List.of(Tag.of("p", recipient.toString())), "");
        schema.store(List.of(
                note,
                wrap,
                Event.of(signer(1), START, 1, List.of(Tag.of("expiration", "" + TestAnswers.NOW)), ""),
                Event.of(gone, START, 1, List.of(), "")));
        schema.execute("insert into events.vanishing values ('\\x%s', %d)"
                .formatted(HexFormat.of().formatHex(gone.publicKey()), START + 1));

        assertThat(ids("{}")).containsExactly(note.id());
        assertThat(ids("{\"kinds\":[1059]}")).isEmpty();
        assertThat(ids("{}", recipient)).containsExactly(note.id(), wrap.id());
    }

    @Test
    void goesOnAboutWhatWasStoredWhenItBeganUntilItIsCancelled() throws InterruptedException {
        Event before = Event.of(signer(1), START, 1, List.of(), "");
        schema.store(List.of(before));
        Sinks.Many<byte[]> further = Sinks.many().unicast().onBackpressureBuffer();
        BlockingQueue<LinkFrame> heard = new LinkedBlockingQueue<>();
        Disposable open =
                answers.answers().reconcile(request("{}"), further.asFlux()).subscribe(heard::add);
        assertThat(ids(heard.poll(10, TimeUnit.SECONDS))).containsExactly(before.id());

        schema.store(List.of(Event.of(signer(1), START + 1, 1, List.of(), "")));
        schema.remove(List.of(before));
        further.tryEmitNext(ASKS_FOR_ALL).orThrow();

        assertThat(ids(heard.poll(10, TimeUnit.SECONDS))).containsExactly(before.id());
        assertThat(held(answers)).isEqualTo(1);
        open.dispose();
        Awaitility.await().untilAsserted(() -> assertThat(held(answers)).isZero());
    }

    @Test
    void holdsNoMoreThanItMayAndNothingOfWhatFailed() {
        try (TestAnswers bounded = boundedAmongTwelve()) {
            assertFails(bounded, "{}", Failure.TOO_LARGE);
            assertThat(held(bounded)).isZero();
            Disposable open = open(bounded, "{\"kinds\":[1]}").subscribe();
            Awaitility.await().untilAsserted(() -> assertThat(held(bounded)).isEqualTo(4));
            assertFails(bounded, "{\"kinds\":[0,2]}", Failure.OVERLOADED);
            assertThat(held(bounded)).isEqualTo(4);
            open.dispose();
            Awaitility.await().untilAsserted(() -> assertThat(held(bounded)).isZero());
        }
    }

    /// Two that are large would keep all others out, for as long as they like.
    @Test
    void endsTheLargestWhereThereIsNoRoomForAnother() {
        try (TestAnswers bounded = boundedAmongTwelve()) {
            List<Throwable> ends = new CopyOnWriteArrayList<>();
            Disposable large = open(bounded, "{\"kinds\":[1,2]}").subscribe(answer -> {}, ends::add);
            Awaitility.await().untilAsserted(() -> assertThat(held(bounded)).isEqualTo(8));
            Disposable small = open(bounded, "{\"kinds\":[0]}").subscribe(answer -> {}, ends::add);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(ends)
                            .singleElement()
                            .isInstanceOfSatisfying(
                                    QueryFailure.class,
                                    failure -> assertThat(failure.failure()).isEqualTo(Failure.OVERLOADED)));
            assertThat(List.of(large.isDisposed(), small.isDisposed())).containsExactly(true, false);
            assertThat(held(bounded)).isEqualTo(4);
            small.dispose();
        }
    }

    @Test
    void forgetsWhatNothingIsHeardOf() {
        schema.store(List.of(Event.of(signer(1), START, 1, List.of(), "")));

        try (TestAnswers bounded = bounded(
                new SyncProperties(10, 10, Duration.ofSeconds(10), Duration.ofMillis(200), DataSize.ofKilobytes(4)))) {
            assertFails(bounded, "{}", Failure.ABANDONED);
            assertThat(held(bounded)).isZero();
        }
    }

    @Test
    void refusesWhatIsNoMessage() {
        assertThatThrownBy(() -> answers.answers()
                        .reconcile(
                                new Reconcile(1, Position.NONE, "[{}]".getBytes(UTF_8), List.of(), new byte[1]),
                                Flux.never())
                        .blockFirst(Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(
                        QueryFailure.class,
                        failure -> assertThat(failure.failure()).isEqualTo(Failure.INVALID));
        assertThatThrownBy(() -> ids("{\"search\":\"rook\"}")).isInstanceOf(QueryFailure.class);
    }

    private static Flux<LinkFrame.ToGateway> open(TestAnswers asked, String filter) {
        return asked.answers().reconcile(request(filter), Flux.never());
    }

    private static void assertFails(TestAnswers asked, String filter, Failure expected) {
        assertThatThrownBy(() -> open(asked, filter).blockLast(Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(
                        QueryFailure.class,
                        failure -> assertThat(failure.failure()).isEqualTo(expected));
    }

    /// Four events of each of the kinds 0 to 2, of which one may hold ten, and all together eleven.
    private static TestAnswers boundedAmongTwelve() {
        schema.store(IntStream.range(0, 12)
                .mapToObj(i -> Event.of(signer(1), START + i, i % 3, List.of(), ""))
                .toList());
        return bounded(
                new SyncProperties(10, 11, Duration.ofSeconds(10), Duration.ofSeconds(30), DataSize.ofKilobytes(4)));
    }

    private static TestAnswers bounded(SyncProperties sync) {
        return new TestAnswers(
                schema.postgres(),
                new Answering.Bounds(TestAnswers.PROPERTIES, TestAnswers.SEARCH, TestAnswers.COUNT, sync));
    }

    private static double held(TestAnswers asked) {
        return asked.meters().get("rookery.query.sync.records").gauge().value();
    }

    private static List<Bytes32> ids(String filter, Bytes32... viewers) {
        return ids(answers.answers()
                .reconcile(request(filter, viewers), Flux.never())
                .blockFirst());
    }

    /// Of an answer that is one range of ids.
    private static List<Bytes32> ids(@Nullable LinkFrame frame) {
        assertThat(frame).isInstanceOf(Reconciled.class);
        byte[] message = ((Reconciled) frame).message();
        assertThat(message).startsWith(0x61, 0, 0, 2, (message.length - 5) / 32);
        List<Bytes32> ids = new ArrayList<>();
        for (int at = 5; at < message.length; at += 32) {
            ids.add(Bytes32.of(message, at));
        }
        return ids;
    }

    private static Reconcile request(String filter, Bytes32... viewers) {
        return new Reconcile(1, Position.NONE, ("[" + filter + "]").getBytes(UTF_8), List.of(viewers), ASKS_FOR_ALL);
    }

    private static SchnorrSigner signer(int number) {
        byte[] secret = new byte[32];
        secret[31] = (byte) number;
        return new SchnorrSigner(secret);
    }
}
