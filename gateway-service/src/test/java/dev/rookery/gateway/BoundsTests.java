package dev.rookery.gateway;

import static dev.rookery.gateway.RunningGateway.event;
import static dev.rookery.gateway.RunningGateway.ok;
import static dev.rookery.gateway.RunningGateway.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.event.Tag;
import dev.rookery.gateway.connection.ConnectionBounds;
import dev.rookery.gateway.connection.Connections;
import dev.rookery.gateway.link.Link;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.order.Decision;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What one client, or too many of them, may not do.
@Timeout(60)
class BoundsTests {

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("awaited too long").isLessThan(end);
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Test
    void limitsEventsPerAuthorExceptGiftWraps() throws Exception {
        try (RunningGateway gateway = RunningGateway.start("--relay.limits.events-per-author=1 per minute, burst 2");
                RawClient client = gateway.client()) {
            for (int i = 0; i < 2; i++) {
                assertAccepted(gateway, client, event(1, "n" + i));
            }
            Event third = event(1, "third");
            client.text(publish(third));
            assertThat(client.message()).isEqualTo(ok(third.id(), false, "rate-limited: slow down there chief"));
            assertAccepted(gateway, client, event(1059, "wrap"));
            Event other = Event.of(RunningGateway.signer(8), RunningGateway.now(), 1, List.<Tag>of(), "other author");
            assertAccepted(gateway, client, other);
        }
    }

    private static void assertAccepted(RunningGateway gateway, RawClient client, Event event) throws Exception {
        client.text(publish(event));
        gateway.log.next();
        gateway.verdicts.decide(event.id(), Decision.ACCEPTED);
        assertThat(client.message()).isEqualTo(ok(event.id(), true, ""));
    }

    @Test
    void limitsEventsPerAddressBeforeTheirSignatureAndDoesNotChargeTheAuthor() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.limits.events-per-address=1 per minute, burst 3",
                        "--relay.limits.events-per-author=1 per minute, burst 1",
                        "--relay.proxy.trusted=127.0.0.1");
                RawClient client = gateway.client("X-Forwarded-For: 198.51.100.1");
                RawClient elsewhere = gateway.client("X-Forwarded-For: 198.51.100.2")) {
            Event note = event(1, "note");
            String forged = publish(note).replaceAll("\"sig\":\"[0-9a-f]{64}", "\"sig\":\"" + "0".repeat(64));
            for (int i = 0; i < 3; i++) {
                client.text(forged);
                assertThat(client.message()).contains("false,\"invalid: signature");
            }
            client.text(forged);
            assertThat(client.message()).contains("false,\"rate-limited: ");
            assertAccepted(gateway, elsewhere, note);
        }
    }

    @Test
    void limitsRequestsPerConnectionAndPerAddress() throws Exception {
        try (FakeServices services = new FakeServices();
                RunningGateway gateway = RunningGateway.startLinked(
                        services,
                        "--relay.limits.requests-per-connection=1 per minute, burst 2",
                        "--relay.limits.requests-per-address=1 per minute, burst 3");
                RawClient client = gateway.client();
                RawClient second = gateway.client()) {
            for (RawClient one : List.of(client, client, second)) {
                one.text("[\"REQ\",\"a\",{}]");
                assertThat(one.message()).doesNotContain("rate-limited");
            }
            client.text("[\"REQ\",\"b\",{}]");
            assertThat(client.message()).isEqualTo("[\"CLOSED\",\"b\",\"rate-limited: slow down there chief\"]");
            second.text("[\"REQ\",\"b\",{}]");
            assertThat(second.message()).isEqualTo("[\"CLOSED\",\"b\",\"rate-limited: slow down there chief\"]");
        }
    }

    /// `error:` would say that the same request may be answered next time. The place of what has ended is free again.
    @Test
    void saysOfARequestThatMakesNoSenseThatItIsInvalid() throws Exception {
        try (RunningGateway gateway = RunningGateway.start("--relay.limits.subscriptions=1");
                RawClient client = gateway.client()) {
            QueryClient query = gateway.bean(QueryClient.class);
            query.opened(new Link(frame -> refuse(query, frame), () -> true, () -> {}));
            for (String id : List.of("a", "b")) {
                client.text("[\"REQ\",\"" + id + "\",{}]");
                assertThat(client.message()).isEqualTo("[\"CLOSED\",\"" + id + "\",\"invalid: not like this\"]");
            }
        }
    }

    /// A frame that the services do not read would end the link of everyone.
    @Test
    void refusesFiltersThatDoNotFitTheLinks() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.limits.message-size=4MB",
                        "--relay.limits.filter-keys=60000",
                        "--relay.limits.subscription-weight=60000");
                RawClient client = gateway.client()) {
            List<Integer> asked = new CopyOnWriteArrayList<>();
            QueryClient query = gateway.bean(QueryClient.class);
            query.opened(new Link(
                    frame -> {
                        asked.add(LinkCodec.encode(frame).length);
                        refuse(query, frame);
                    },
                    () -> true,
                    () -> {}));
            client.text(ofIds("a", 16_000));
            assertThat(client.message())
                    .isEqualTo("[\"CLOSED\",\"a\",\"invalid: filters longer than this relay can ask for\"]");
            client.text(ofIds("b", 15_500));
            assertThat(client.message()).isEqualTo("[\"CLOSED\",\"b\",\"invalid: not like this\"]");
            assertThat(asked)
                    .hasSize(1)
                    .first()
                    .satisfies(bytes -> assertThat(bytes).isBetween(1_000_000, LinkCodec.LONGEST_FILTERS));
        }
    }

    private static String ofIds(String subscription, int count) {
        return IntStream.range(0, count)
                .mapToObj("\"%064x\""::formatted)
                .collect(Collectors.joining(",", "[\"REQ\",\"" + subscription + "\",{\"ids\":[", "]}]"));
    }

    private static void refuse(QueryClient query, LinkFrame frame) {
        if (frame instanceof LinkFrame.Query asked) {
            query.received(new LinkFrame.Failed(asked.request(), Failure.INVALID, "not like this"));
        }
    }

    @Test
    void boundsConnectionsPerAddressAndAltogether() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                "--relay.connections.max=3",
                "--relay.connections.max-per-address=2",
                "--relay.proxy.trusted=127.0.0.1")) {
            try (RawClient one = gateway.client("X-Forwarded-For: 198.51.100.1");
                    RawClient two = gateway.client("X-Forwarded-For: 198.51.100.1");
                    RawClient other = gateway.client("X-Forwarded-For: 6.6.6.6, 198.51.100.2")) {
                assertThatThrownBy(() -> gateway.client("X-Forwarded-For: 198.51.100.3"))
                        .hasMessageContaining("503");
                other.close();
                await(() -> gateway.bean(ConnectionBounds.class).open() == 2);
                assertThatThrownBy(() -> gateway.client("X-Forwarded-For: 6.6.6.6, 198.51.100.1"))
                        .hasMessageContaining("429");
                assertThat(one.socket().isConnected() && two.socket().isConnected())
                        .isTrue();
            }
            await(() -> gateway.bean(ConnectionBounds.class).open() == 0);
        }
    }

    /// Without a key the handshake fails, and the connection can ask again.
    @Test
    void aConnectionHasOnePlaceHoweverOftenItAsksForTheUpgrade() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.connections.max-per-address=1", "--relay.proxy.trusted=127.0.0.1");
                RawClient proxy = RawClient.connect(gateway.port())) {
            String handshake = RawClient.handshake("/").replaceFirst("Sec-WebSocket-Key: [^\r]*\r\n", "");
            ConnectionBounds bounds = gateway.bean(ConnectionBounds.class);
            for (String client : List.of("198.51.100.1", "198.51.100.1", "198.51.100.2", "198.51.100.2")) {
                String header = "X-Forwarded-For: " + client + "\r\n\r\n";
                assertThat(proxy.request(handshake.replaceFirst("\r\n\r\n$", "\r\n" + header)))
                        .contains(" 400 ");
                assertThat(bounds.open()).isEqualTo(1);
            }
            try (RawClient first = gateway.client("X-Forwarded-For: 198.51.100.1")) {
                assertThat(first.socket().isConnected()).isTrue();
                assertThatThrownBy(() -> gateway.client("X-Forwarded-For: 198.51.100.2"))
                        .hasMessageContaining("429");
            }
            proxy.close();
            await(() -> bounds.open() == 0);
        }
    }

    @Test
    void doesNotBelieveHeadersOfStrangers() throws Exception {
        try (RunningGateway gateway = RunningGateway.start("--relay.connections.max-per-address=1");
                RawClient one = gateway.client("X-Forwarded-For: 198.51.100.1")) {
            assertThat(one.socket().isConnected()).isTrue();
            assertThatThrownBy(() -> gateway.client("X-Forwarded-For: 198.51.100.2"))
                    .hasMessageContaining("429");
        }
    }

    @Test
    void readsTheProxyProtocolBeforeHttp() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                "--relay.connections.max-per-address=1",
                "--relay.proxy.trusted=127.0.0.1",
                "--relay.proxy.protocol=true")) {
            try (RawClient one = proxied(gateway, "198.51.100.1");
                    RawClient other = proxied(gateway, "198.51.100.2")) {
                assertThat(one.request(RawClient.handshake("/"))).contains(" 101 ");
                assertThat(other.request(RawClient.handshake("/"))).contains(" 101 ");
                try (RawClient again = proxied(gateway, "198.51.100.1")) {
                    assertThat(again.request(RawClient.handshake("/"))).contains(" 429 ");
                }
            }
        }
    }

    private static RawClient proxied(RunningGateway gateway, String client) throws IOException {
        RawClient proxy = RawClient.connect(gateway.port());
        proxy.raw(("PROXY TCP4 " + client + " 127.0.0.1 1 2\r\n").getBytes(StandardCharsets.US_ASCII));
        return proxy;
    }

    @Test
    void cutsOffAClientThatDoesNotRead() throws Exception {
        try (FakeServices services = new FakeServices();
                RunningGateway gateway = RunningGateway.startLinked(
                        services,
                        "--relay.limits.enabled=false",
                        "--relay.connections.pong-within=2s",
                        "--relay.connections.max-pending=2MB")) {
            Event large = event(1, "x".repeat(200_000));
            services.stored = java.util.Collections.nCopies(20, large.json());
            try (RawClient reads = gateway.client();
                    RawClient sleeps = gateway.client()) {
                sleeps.socket().setReceiveBufferSize(4096);
                for (int i = 0; i < 20; i++) {
                    sleeps.text("[\"REQ\",\"s" + i + "\",{}]");
                }
                Connections connections = gateway.bean(Connections.class);
                await(() -> connections.open() == 1);
                reads.text("[\"UNKNOWN\"]");
                assertThat(reads.message()).contains("unknown verb");
            }
        }
    }

    /// Its answer to the ping comes later than it may, for the ping waits behind what it still has to read.
    @Test
    void keepsAClientThatReadsSlowly() throws Exception {
        try (FakeServices services = new FakeServices();
                RunningGateway gateway = RunningGateway.startLinked(
                        services,
                        "--relay.limits.enabled=false",
                        "--relay.connections.ping-after=500ms",
                        "--relay.connections.pong-within=2s")) {
            services.stored = java.util.Collections.nCopies(
                    20, event(1, "x".repeat(200_000)).json());
            try (RawClient slow = gateway.client()) {
                for (int i = 0; i < 20; i++) {
                    slow.text("[\"REQ\",\"s" + i + "\",{}]");
                }
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < Duration.ofSeconds(6).toNanos()) {
                    assertThat(slow.socket().getInputStream().readNBytes(65_536))
                            .hasSize(65_536);
                    LockSupport.parkNanos(20_000_000);
                }
                assertThat(gateway.bean(Connections.class).open()).isEqualTo(1);
            }
        }
    }

    @Test
    void pausesReadingWhileTooManyEventsArePending() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.limits.enabled=false", "--relay.connections.max-pending-events=4");
                RawClient client = gateway.client()) {
            for (int i = 0; i < 400; i++) {
                client.text(publish(event(1, "x".repeat(30_000) + i)));
                if (i == 50) {
                    Thread.startVirtualThread(() -> decideAll(gateway));
                }
            }
            for (int i = 0; i < 400; i++) {
                assertThat(client.message()).contains("true,\"\"");
            }
        }
    }

    private static void decideAll(RunningGateway gateway) {
        try {
            for (int i = 0; i < 400; i++) {
                assertThat(gateway.log.records.size()).as("read ahead").isLessThan(60);
                gateway.verdicts.decide(
                        EventReader.read(gateway.log.next().value()).id(), Decision.ACCEPTED);
            }
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void pingsTheSilentAndCutsOffTheDead() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.connections.ping-after=500ms", "--relay.connections.pong-within=1s");
                RawClient alive = gateway.client();
                RawClient dead = gateway.client()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Received ping = alive.receive();
                assertThat(ping.opcode()).isEqualTo(RawClient.PING);
                alive.frame(RawClient.FINAL | RawClient.PONG, ping.payload());
            }
            assertThat(dead.receive().opcode()).isEqualTo(RawClient.PING);
            assertThat(dead.receive().opcode()).isEqualTo(-1);
            assertThat(gateway.bean(Connections.class).open()).isEqualTo(1);
        }
    }

    @Test
    void closesOnAMessageThatIsNeverCompleted() throws Exception {
        try (RunningGateway gateway = RunningGateway.start("--relay.connections.message-within=500ms");
                RawClient client = gateway.client()) {
            client.frame(RawClient.TEXT, new byte[10]);
            assertThat(client.receive().closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void endsConnectionsThatNeverBecomeWebSockets() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.connections.http-idle=500ms", "--relay.connections.http-within=2s");
                Socket silent = new Socket();
                Socket trickles = new Socket()) {
            connect(silent, gateway);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            connect(trickles, gateway);
            trickles.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            assertThat(trickles.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static void connect(Socket socket, RunningGateway gateway) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
        socket.setSoTimeout(10_000);
    }

    @Test
    void saysGoodbyeWhenItStopsAfterAnsweringWhatIsDue() throws Exception {
        RunningGateway gateway = RunningGateway.start();
        try (RawClient idle = gateway.client();
                RawClient waits = gateway.client()) {
            Event note = event(1, "last");
            waits.text(publish(note));
            gateway.log.next();
            Thread stops = Thread.startVirtualThread(gateway::close);
            LockSupport.parkNanos(200_000_000);
            gateway.verdicts.decide(note.id(), Decision.ACCEPTED);
            assertThat(waits.message()).isEqualTo(ok(note.id(), true, ""));
            assertThat(waits.receive().closeCode()).isEqualTo(1001);
            assertThat(idle.receive().closeCode()).isEqualTo(1001);
            idle.close();
            waits.close();
            stops.join();
        }
    }
}
