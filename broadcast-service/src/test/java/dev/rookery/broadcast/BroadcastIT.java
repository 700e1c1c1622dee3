package dev.rookery.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Deliver;
import dev.rookery.link.LinkFrame.Heartbeat;
import dev.rookery.order.Position;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Origin;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(300)
@ExtendWith({KafkaExtension.class, PostgresExtension.class})
class BroadcastIT {

    private static TestRelay relay;
    private static int port;
    private static LogRecords strangersRecords;

    private TestLink link;

    @BeforeAll
    static void startService(TestKafka kafka, TestPostgres postgres) throws Exception {
        relay = new TestRelay(kafka, postgres);
        strangersRecords = new LogRecords(new Topics(kafka.named("")), new Seal("the secret of another suite"));
        port = relay.startReady("--relay.broadcast.link.buffer=256KB", "--relay.broadcast.link.heartbeat=100ms");
    }

    @AfterAll
    static void stopService() throws Exception {
        relay.close();
    }

    @BeforeEach
    void openLink() throws Exception {
        settle();
        link = TestLink.open(port, relay.token());
    }

    @AfterEach
    void closeLink() throws Exception {
        link.close();
    }

    @Test
    void beginsALinkWithAHeartbeatThatSaysHowFarItIs() throws Exception {
        settle();
        try (TestLink fresh = TestLink.open(port, relay.token())) {
            assertThat(fresh.any()).isEqualTo(new Heartbeat(relay.last()));
        }
    }

    @Test
    void delivers() throws Exception {
        Position seen = link.register(7, filter("{\"kinds\":[1]}"));
        Event event = relay.event(1);
        Position at = relay.accept(event);
        assertThat(at).isEqualTo(new Position(seen.epoch(), seen.seq() + 1));
        assertDelivered(link.delivered(), at, event, 7);
    }

    @Test
    void deliversNothingThatWasMatchedBeforeTheRegistration() throws Exception {
        Position before = relay.accept(relay.event(1));
        settle();
        assertThat(link.register(1, Filter.ANY)).isEqualTo(before);
        Event after = relay.event(1);
        assertDelivered(after, 1);
    }

    @Test
    void deliversInTheOneOrderWhateverTheOrderInTheLog() throws Exception {
        link.register(1, Filter.ANY);
        List<Event> events = List.of(relay.event(1), relay.event(2), relay.event(3), relay.event(4));
        List<Position> places = events.stream().map(relay::decide).toList();
        for (int which : new int[] {3, 1, 1, 0, 2, 2, 0}) {
            relay.emit(places.get(which), events.get(which));
        }
        for (int i = 0; i < events.size(); i++) {
            assertDelivered(link.delivered(), places.get(i), events.get(i), 1);
        }
        assertNothingMore();
    }

    @Test
    void fetchesFromTheDatabaseWhatTheLogDoesNotBring() throws Exception {
        link.register(1, Filter.ANY);
        Event lost = relay.event(1);
        Position lostAt = relay.decide(lost);
        Event next = relay.event(1);
        Position nextAt = relay.accept(next);
        assertDelivered(link.delivered(), lostAt, lost, 1);
        assertDelivered(link.delivered(), nextAt, next, 1);
        relay.emit(lostAt, lost);
        assertNothingMore();
    }

    @Test
    void fetchesAMissingTail() throws Exception {
        link.register(1, Filter.ANY);
        Event lost = relay.event(1);
        Position at = relay.decide(lost);
        assertDelivered(link.delivered(), at, lost, 1);
    }

    @Test
    void passesOverWhatIsGoneFromTheDatabaseToo() throws Exception {
        link.register(1, Filter.ANY);
        relay.ledger().forget(relay.decide(relay.event(1)));
        Event next = relay.event(1);
        Position at = relay.accept(next);
        assertDelivered(link.delivered(), at, next, 1);
    }

    @Test
    void goesOnWhileTheDatabaseCannotBeAskedAndFillsGapsAfterwards() throws Exception {
        link.register(1, Filter.ANY);
        Event first = relay.event(1);
        Event lost = relay.event(1);
        Event last = relay.event(1);
        Position firstAt = relay.decide(first);
        Position lostAt = relay.decide(lost);
        Position lastAt = relay.decide(last);
        relay.ledger().shutOut();
        try {
            relay.emit(firstAt, first);
            relay.emit(lastAt, last);
            assertDelivered(link.delivered(), firstAt, first, 1);
            assertNothingMoreFor(Duration.ofMillis(1200));
        } finally {
            relay.ledger().admit();
        }
        assertDelivered(link.delivered(), lostAt, lost, 1);
        assertDelivered(link.delivered(), lastAt, last, 1);
    }

    @Test
    void deliversEphemeralEventsOutsideTheOrder() throws Exception {
        link.register(1, filter("{\"kinds\":[20001]}"));
        Position waitingFor = relay.decide(relay.event(1));
        Event ephemeral = relay.event(20_001);
        relay.emit(BroadcastRecord.ephemeral(ephemeral.kind(), ephemeral.json()));
        assertDelivered(link.delivered(), Position.NONE, ephemeral, 1);
        assertThat(waitingFor).isEqualTo(relay.last());
    }

    @Test
    void advancesOverWhatIsNotToBeDelivered() throws Exception {
        link.register(1, Filter.ANY);
        Event silent = relay.event(1);
        Position silentAt = relay.decide(silent, new Origin(false, true));
        relay.emit(new BroadcastRecord(silentAt, new Origin(false, true), List.of(), 1, silent.json()));
        relay.emit(new BroadcastRecord(relay.decide(relay.event(1)), Origin.CLIENT, List.of(), 1, null));
        relay.decide(relay.event(1), new Origin(false, true));
        Event next = relay.event(1);
        assertDelivered(next, 1);
    }

    @Test
    void ignoresRecordsThatTheSuiteHasNotSealed() throws Exception {
        link.register(1, Filter.ANY);
        Event forged = relay.event(1, "forged");
        Position next = new Position(1, relay.last().seq() + 1);
        relay.log(strangersRecords.toBroadcast(new BroadcastRecord(next, Origin.CLIENT, List.of(), 1, forged.json())));
        relay.log(strangersRecords.toBroadcast(BroadcastRecord.ephemeral(20_001, forged.json())));
        Event real = relay.event(1, "real");
        assertDelivered(real, 1);
        assertNothingMore();
    }

    @Test
    void sendsEachLinkOneCopyForAllOfItsSubscriptions() throws Exception {
        try (TestLink other = TestLink.open(port, relay.token())) {
            link.register(1, Filter.ANY);
            link.register(2, filter("{\"kinds\":[1]}"), filter("{\"since\":1}"));
            link.register(3, filter("{\"kinds\":[2]}"));
            other.register(1, filter("{\"kinds\":[1],\"limit\":0}"));
            Event event = relay.event(1);
            Position at = relay.accept(event);
            assertDelivered(link.delivered(), at, event, 1, 2);
            assertDelivered(other.delivered(), at, event, 1);
            assertNothingMore();
        }
    }

    @Test
    void deliversNothingMoreToASubscriptionThatHasBeenWithdrawn() throws Exception {
        link.register(1, filter("{\"kinds\":[1]}"));
        link.register(2, filter("{\"kinds\":[2]}"));
        link.send(new LinkFrame.Unregister(1));
        link.register(3, filter("{\"kinds\":[3]}"));
        relay.accept(relay.event(1));
        Event event = relay.event(2);
        assertDelivered(event, 2);
    }

    @Test
    void sendsHeartbeatsInOrderWithDeliveries() throws Exception {
        link.register(1, Filter.ANY);
        Position told = Position.NONE;
        Position end = relay.last();
        for (int i = 0; i < 400; i++) {
            end = relay.accept(relay.event(1));
        }
        long delivered = end.seq() - 400;
        while (told.compareTo(end) < 0) {
            LinkFrame frame = link.any();
            if (frame instanceof Heartbeat(var applied)) {
                assertThat(applied.seq()).isEqualTo(delivered);
                told = applied;
            } else {
                delivered++;
                assertThat(((Deliver) frame).position().seq()).isEqualTo(delivered);
            }
        }
    }

    @Test
    void sendsEventsOnlyWhileThereIsCreditAndNoHeartbeatAheadOfThem() throws Exception {
        try (TestLink poor = new TestLink(port, relay.token())) {
            poor.register(1, Filter.ANY);
            Event first = relay.event(1);
            Event second = relay.event(1);
            Position firstAt = relay.accept(first);
            relay.accept(second);
            awaitHeartbeatAt(link, relay.last());
            link.heartbeat();
            assertThat(poor.soFar())
                    .allSatisfy(frame -> assertThat(frame)
                            .isInstanceOfSatisfying(
                                    Heartbeat.class,
                                    beat -> assertThat(beat.applied()).isLessThan(firstAt)));
            poor.send(new LinkFrame.Credit(LinkFrame.WHOLE_LINK, 1));
            assertThat(poor.delivered().event()).isEqualTo(first.json());
            poor.send(new LinkFrame.Credit(LinkFrame.WHOLE_LINK, first.json().length));
            assertThat(poor.delivered().event()).isEqualTo(second.json());
        }
    }

    @Test
    void closesALinkThatFallsBehindItsCreditAndNoOther() throws Exception {
        try (TestLink slow = new TestLink(port, relay.token())) {
            slow.register(1, Filter.ANY);
            link.register(1, Filter.ANY);
            deliverMuch(10, 50_000);
            assertThat(slow.closeCode()).isEqualTo(1013);
            Event after = relay.event(1);
            assertDelivered(after, 1);
        }
    }

    @Test
    void cutsAConnectionThatIsNotReadAndServesTheOthers() throws Exception {
        try (RawWebSocket stuck = new RawWebSocket(port, relay.token())) {
            stuck.send(LinkCodec.encode(new LinkFrame.Credit(LinkFrame.WHOLE_LINK, TestLink.PLENTY)));
            stuck.send(LinkCodec.encode(new LinkFrame.Register(1, "[{}]".getBytes(UTF_8))));
            link.register(1, Filter.ANY);
            deliverMuch(100, 200_000);
            await().until(() -> gauge("rookery.broadcast.links") == 1);
            stuck.readToItsEnd();
        }
    }

    @Test
    void refusesFiltersThatCannotBeReadAndGoesOn() throws Exception {
        link.send(new LinkFrame.Register(5, "[{\"kinds\":\"one\"}]".getBytes(UTF_8)));
        LinkFrame.Refused refused = link.next(LinkFrame.Refused.class);
        assertThat(refused.handle()).isEqualTo(5);
        assertThat(refused.reason()).startsWith("invalid: ");
        link.register(6, Filter.ANY);
    }

    @Test
    void closesALinkThatUsesAHandleTwiceOrTalksNonsense() throws Exception {
        link.register(1, Filter.ANY);
        link.send(new LinkFrame.Register(1, "[{}]".getBytes(UTF_8)));
        assertThat(link.closeCode()).isEqualTo(1002);
        try (TestLink confused = TestLink.open(port, relay.token())) {
            confused.sendBytes(new byte[] {99});
            assertThat(confused.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void letsInOnlyWhoShowsTheToken() {
        assertThatThrownBy(() -> TestLink.open(port, "not the token"))
                .isInstanceOfSatisfying(
                        RawWebSocket.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(401));
    }

    /// Waits until everything accepted so far has been matched.
    private static void settle() throws Exception {
        try (TestLink probe = TestLink.open(port, relay.token())) {
            awaitHeartbeatAt(probe, relay.last());
        }
    }

    private static void awaitHeartbeatAt(TestLink quiet, Position at) {
        await().until(() -> quiet.heartbeat().applied().equals(at));
    }

    private void deliverMuch(int events, int size) throws InterruptedException {
        Event event = relay.event(20_001, "x".repeat(size));
        for (int i = 0; i < events; i++) {
            relay.emit(BroadcastRecord.ephemeral(event.kind(), event.json()));
            assertThat(link.delivered().event()).hasSameSizeAs(event.json());
        }
    }

    private void assertNothingMore() throws InterruptedException {
        Event marker = relay.event(1, "marker");
        relay.accept(marker);
        assertThat(link.delivered().event()).isEqualTo(marker.json());
    }

    private void assertNothingMoreFor(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            link.heartbeat();
        }
    }

    /// Accepts the event, which is the next to be delivered.
    private void assertDelivered(Event event, int... handles) throws InterruptedException {
        Position at = relay.accept(event);
        assertDelivered(link.delivered(), at, event, handles);
    }

    private static void assertDelivered(Deliver frame, Position at, Event event, int... handles) {
        assertThat(frame.position()).isEqualTo(at);
        assertThat(frame.event()).asString(UTF_8).isEqualTo(new String(event.json(), UTF_8));
        assertThat(frame.handles()).containsExactlyInAnyOrder(handles);
    }

    private static double gauge(String name) {
        return relay.service().getBean(MeterRegistry.class).get(name).gauge().value();
    }

    private static Filter filter(String json) throws Exception {
        return FilterReader.readAll(("[" + json + "]").getBytes(UTF_8)).getFirst();
    }
}
