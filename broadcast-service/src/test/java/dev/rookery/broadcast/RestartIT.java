package dev.rookery.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rookery.embedded.FreePort;
import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Deliver;
import dev.rookery.link.LinkFrame.Heartbeat;
import dev.rookery.order.Position;
import dev.rookery.proxy.Proxy;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.topics.BroadcastRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Beginnings and ends: of the service, of an epoch, of what can be caught up with.
@Timeout(300)
@ExtendWith({KafkaExtension.class, PostgresExtension.class})
class RestartIT {

    private static TestRelay relay;

    @BeforeAll
    static void prepare(TestKafka kafka, TestPostgres postgres) throws Exception {
        relay = new TestRelay(kafka, postgres);
    }

    @AfterEach
    void stopServices() {
        relay.stopServices();
    }

    @AfterAll
    static void close() throws Exception {
        relay.close();
    }

    @Test
    void beginsBehindWhatTheDatabaseHasCommitted() throws Exception {
        relay.accept(relay.event(1));
        relay.decide(relay.event(1));
        int port = relay.startReady();
        try (TestLink link = TestLink.open(port, relay.token())) {
            assertThat(link.register(1, Filter.ANY)).isEqualTo(relay.last());
            Event event = relay.event(1);
            Position at = relay.accept(event);
            assertDelivered(link, at, event);
        }
    }

    @Test
    void refusesLinksUntilTheDatabaseHasToldWhereToBegin() throws Exception {
        relay.ledger().shutOut();
        int port = relay.start();
        try {
            assertThatThrownBy(() -> TestLink.open(port, relay.token()))
                    .isInstanceOfSatisfying(
                            RawWebSocket.Refused.class,
                            refused -> assertThat(refused.status()).isEqualTo(503));
            assertThat(get(port, "/actuator/health/readiness").statusCode()).isEqualTo(503);
            assertThat(get(port, "/actuator/health/liveness").statusCode()).isEqualTo(200);
        } finally {
            relay.ledger().admit();
        }
        relay.awaitReady();
        assertThat(get(port, "/actuator/health/readiness").statusCode()).isEqualTo(200);
        TestLink.open(port, relay.token()).close();
    }

    /// The host of the database is gone without a word, and another is at its address: what is sent to the one leads
    /// nowhere.
    @Test
    void asksTheDatabaseThatIsThereWhenTheOneItAskedIsSilent(TestPostgres postgres) throws Exception {
        relay.accept(relay.event(1));
        try (Proxy road = new Proxy(FreePort.orChosen(0), postgres.port())) {
            int port = relay.startReady("--relay.postgres.port=" + road.port());
            try (TestLink link = TestLink.open(port, relay.token())) {
                road.lose();
                relay.goBack(relay.last());
                relay.accept(relay.event(1));
                assertThat(link.closeCode()).isEqualTo(1012);
            }
            relay.awaitReady();
        }
    }

    @Test
    void isNotReadyBeforeTheLogHasToldWhereItEnds() throws Exception {
        int port = relay.start("--relay.kafka.bootstrap-servers=127.0.0.1:1");
        assertThat(get(port, "/actuator/health/readiness").statusCode()).isEqualTo(503);
        assertThat(get(port, "/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> TestLink.open(port, relay.token())).isInstanceOf(RawWebSocket.Refused.class);
    }

    @Test
    void isNotReadyBetweenTheEndOfAnEpochAndThePositionOfTheNext() throws Exception {
        relay.accept(relay.event(1));
        int port = relay.startReady("--relay.broadcast.feed.committed-poll=1h");
        try (TestLink link = TestLink.open(port, relay.token())) {
            relay.goBack(relay.last());
            Event first = relay.event(1);
            Position at = relay.decide(first);
            relay.ledger().shutOut();
            try {
                relay.emit(at, first);
                assertThat(link.closeCode()).isEqualTo(1012);
                assertThat(get(port, "/actuator/health/readiness").statusCode()).isEqualTo(503);
                assertThatThrownBy(() -> TestLink.open(port, relay.token())).isInstanceOf(RawWebSocket.Refused.class);
            } finally {
                relay.ledger().admit();
            }
        }
        relay.awaitReady();
        assertThat(get(port, "/actuator/health/readiness").statusCode()).isEqualTo(200);
    }

    @Test
    void endsItsLinksWhenTheLogShowsANewEpochAndFollowsThat() throws Exception {
        relay.accept(relay.event(1));
        Event lost = relay.event(1);
        int port = relay.startReady();
        try (TestLink link = TestLink.open(port, relay.token())) {
            link.register(1, Filter.ANY);
            Position lostAt = relay.accept(lost);
            assertDelivered(link, lostAt, lost);
            relay.goBack(new Position(lostAt.epoch(), lostAt.seq() - 1));
            Event instead = relay.event(1);
            relay.accept(instead);
            assertThat(link.closeCode()).isEqualTo(1012);
            relay.awaitReady();
            try (TestLink again = TestLink.open(port, relay.token())) {
                assertThat(again.register(1, Filter.ANY)).isEqualTo(relay.last());
                relay.emit(new Position(lostAt.epoch(), lostAt.seq() + 1), lost);
                Event next = relay.event(1);
                Position at = relay.accept(next);
                assertDelivered(again, at, next);
            }
        }
    }

    @Test
    void endsItsLinksWhenOnlyTheDatabaseShowsANewEpoch() throws Exception {
        relay.accept(relay.event(1));
        int port = relay.startReady();
        try (TestLink link = TestLink.open(port, relay.token())) {
            relay.goBack(relay.last());
            assertThat(link.closeCode()).isEqualTo(1012);
        }
        relay.awaitReady();
        try (TestLink link = TestLink.open(port, relay.token())) {
            assertThat(link.any()).isEqualTo(new Heartbeat(relay.last()));
        }
    }

    /// What a new epoch has under the numbers of a gap is not what was missing.
    @Test
    void fillsNoGapFromAnotherEpoch() throws Exception {
        relay.accept(relay.event(1));
        int port = relay.startReady("--relay.broadcast.feed.committed-poll=1h", "--relay.broadcast.feed.patience=2s");
        try (TestLink link = TestLink.open(port, relay.token())) {
            Position kept = link.register(1, Filter.ANY);
            relay.emit(new Position(kept.epoch(), kept.seq() + 2), relay.event(1));
            relay.goBack(kept);
            relay.decide(relay.event(1));
            relay.decide(relay.event(1));
            assertThat(link.closeCode()).isEqualTo(1012);
            assertThat(link.soFar()).hasOnlyElementsOfType(Heartbeat.class);
        }
        relay.awaitReady();
        try (TestLink link = TestLink.open(port, relay.token())) {
            assertThat(link.register(1, Filter.ANY)).isEqualTo(relay.last());
        }
    }

    /// A position that is not committed yet is not one whose event is gone.
    @Test
    void fillsNoGapFromADatabaseThatHasNotComeThatFar() throws Exception {
        int port = relay.startReady();
        try (TestLink link = TestLink.open(port, relay.token())) {
            Position before = link.register(1, Filter.ANY);
            Event missing = relay.event(1);
            Event held = relay.event(1);
            relay.emit(new Position(before.epoch(), before.seq() + 2), held);
            await().until(() -> counter("rookery.broadcast.gaps.asked") >= 2);
            assertDelivered(link, relay.decide(missing), missing);
            assertDelivered(link, relay.decide(held), held);
        }
    }

    @Test
    void startsAfreshRatherThanFetchMoreThanItIsMeantTo() throws Exception {
        int port = relay.startReady("--relay.broadcast.feed.largest-gap=5");
        try (TestLink link = TestLink.open(port, relay.token())) {
            for (int i = 0; i < 6; i++) {
                relay.decide(relay.event(1));
            }
            assertThat(link.closeCode()).isEqualTo(1012);
        }
        relay.awaitReady();
        try (TestLink link = TestLink.open(port, relay.token())) {
            assertThat(link.register(1, Filter.ANY)).isEqualTo(relay.last());
        }
    }

    @Test
    void fetchesARangeInPages() throws Exception {
        int port = relay.startReady("--relay.broadcast.feed.page=3");
        try (TestLink link = TestLink.open(port, relay.token())) {
            link.register(1, Filter.ANY);
            long before = relay.last().seq();
            for (int i = 0; i < 10; i++) {
                relay.decide(relay.event(1));
            }
            for (int i = 1; i <= 10; i++) {
                assertThat(link.delivered().position().seq()).isEqualTo(before + i);
            }
        }
    }

    @Test
    void fetchesNoMoreAtATimeThanMayBeHeldInMemory() throws Exception {
        int port = relay.startReady("--relay.broadcast.feed.page-size=1KB");
        try (TestLink link = TestLink.open(port, relay.token())) {
            link.register(1, Filter.ANY);
            long before = relay.last().seq();
            for (int size : new int[] {600, 4_000, 600, 600, 600}) {
                relay.decide(relay.event(1, "x".repeat(size)));
            }
            for (int i = 1; i <= 5; i++) {
                assertThat(link.delivered().position().seq()).isEqualTo(before + i);
            }
            assertThat(counter("rookery.broadcast.gaps.asked")).isGreaterThanOrEqualTo(5);
        }
    }

    /// As a volume does that is set back while everything runs, until an indexer has found out.
    @Test
    void endsItsLinksWhenTheDatabaseHasGoneBackAndOpensNoneUntilAnEpochBegins() throws Exception {
        relay.accept(relay.event(1));
        int port = relay.startReady();
        try (TestLink link = TestLink.open(port, relay.token())) {
            link.register(1, Filter.ANY);
            Position kept = relay.last();
            Event lost = relay.event(1);
            assertDelivered(link, relay.accept(lost), lost);
            relay.ledger().goBack(kept);
            assertThat(link.closeCode()).isEqualTo(1012);
            assertThatThrownBy(() -> TestLink.open(port, relay.token())).isInstanceOf(RawWebSocket.Refused.class);
            relay.goBack(kept);
        }
        relay.awaitReady();
        try (TestLink link = TestLink.open(port, relay.token())) {
            assertThat(link.any()).isEqualTo(new Heartbeat(relay.last()));
        }
    }

    @Test
    void endsALinkOnWhichNothingIsHeard() throws Exception {
        int port = relay.startReady("--relay.broadcast.link.silence=300ms");
        try (TestLink silent = TestLink.open(port, relay.token())) {
            silent.register(1, Filter.ANY);
            assertThat(silent.closeCode()).isEqualTo(1006);
            await().until(() -> gauge("rookery.broadcast.links") == 0);
        }
    }

    @Test
    void runsTwiceInOneJvmAndSaysGoodbyeToItsLinks() throws Exception {
        int port = relay.startReady();
        int other = relay.startReady();
        try (TestLink link = TestLink.open(port, relay.token());
                TestLink otherLink = TestLink.open(other, relay.token())) {
            link.register(1, Filter.ANY);
            otherLink.register(1, Filter.ANY);
            relay.service().close();
            assertThat(otherLink.closeCode()).isEqualTo(1001);
            Event event = relay.event(1);
            Position at = relay.accept(event);
            assertDelivered(link, at, event);
        }
    }

    @Test
    void cutsAConnectionWhosePeerNeverReadsWithAllThatWaitsForIt() throws Exception {
        int port = relay.startReady("--relay.broadcast.link.buffer=16MB", "--relay.broadcast.link.linger=300ms");
        Event event = relay.event(20_001, "x".repeat(200_000));
        try (RawWebSocket stuck = new RawWebSocket(port, relay.token());
                TestLink link = TestLink.open(port, relay.token())) {
            stuck.send(LinkCodec.encode(new LinkFrame.Credit(LinkFrame.WHOLE_LINK, TestLink.PLENTY)));
            stuck.send(LinkCodec.encode(new LinkFrame.Register(1, "[{}]".getBytes(UTF_8))));
            link.register(1, Filter.ANY);
            for (int i = 0; i < 120; i++) {
                relay.emit(BroadcastRecord.ephemeral(event.kind(), event.json()));
                assertThat(link.delivered().position()).isEqualTo(Position.NONE);
            }
            await().until(() -> gauge("rookery.broadcast.links") == 1);
            await().until(() -> gauge("rookery.broadcast.link.buffered") == 0);
            stuck.readToItsEnd();
        }
    }

    private static double gauge(String name) {
        MeterRegistry registry = relay.service().getBean(MeterRegistry.class);
        return registry.get(name).gauge().value();
    }

    private static double counter(String name) {
        MeterRegistry registry = relay.service().getBean(MeterRegistry.class);
        return registry.get(name).counter().count();
    }

    @Test
    void showsItsMeasures() throws Exception {
        int port = relay.startReady();
        String shown = get(port, "/actuator/prometheus").body();
        assertThat(shown)
                .contains(
                        "rookery_broadcast_applied_seq",
                        "rookery_broadcast_applied_epoch",
                        "rookery_broadcast_held_back_size_bytes",
                        "rookery_broadcast_started_afresh_total",
                        "rookery_broadcast_lag",
                        "rookery_broadcast_held_back",
                        "rookery_broadcast_gaps_asked_total",
                        "rookery_broadcast_records_total",
                        "rookery_broadcast_deliveries_total",
                        "rookery_broadcast_recipients_total",
                        "rookery_broadcast_registrations",
                        "rookery_broadcast_match_seconds",
                        "rookery_broadcast_links",
                        "rookery_broadcast_link_buffered_bytes");
    }

    private static void assertDelivered(TestLink link, Position at, Event event) throws InterruptedException {
        Deliver frame = link.delivered();
        assertThat(frame.position()).isEqualTo(at);
        assertThat(frame.event()).isEqualTo(event.json());
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + path);
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
