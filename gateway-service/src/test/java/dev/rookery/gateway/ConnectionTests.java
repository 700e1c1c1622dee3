package dev.rookery.gateway;

import static dev.rookery.gateway.RunningGateway.event;
import static dev.rookery.gateway.RunningGateway.ok;
import static dev.rookery.gateway.RunningGateway.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rookery.event.Event;
import dev.rookery.gateway.connection.Connections;
import dev.rookery.order.Decision;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Frames and messages as nobody should send them, over real sockets.
@Timeout(60)
class ConnectionTests {

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start("--relay.limits.enabled=false", "--relay.limits.message-size=16KB");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /// The connection can still be used: a subscription id that is too long is refused.
    private static void assertUsable(RawClient client) throws Exception {
        client.text("[\"NONSENSE\"]");
        assertThat(client.message()).startsWith("[\"NOTICE\",\"invalid: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "{",
                "",
                "[]",
                "[1]",
                "null",
                "\"EVENT\"",
                "[\"EVENT\"]",
                "[\"EVENT\",null]",
                "[\"EVENT\",{}]",
                "[\"EVENT\",\"x\"]",
                "[\"req\",\"a\",{}]",
                "[\"REQ\"]",
                "[\"REQ\",1,{}]",
                "[\"REQ\",\"\",{}]",
                "\uFEFF[\"CLOSE\",\"a\"]",
                "[\"CLOSE\",\"a\"] x",
                "[\"CLOSE\",\"a\"][\"CLOSE\",\"a\"]",
                "[NaN]",
                "['CLOSE','a']",
                "[\"CLOSE\",\"a\n\"]",
                "[\"UNKNOWN\",1]"
            })
    void noticesWhatItCannotAnswerAndGoesOn(String message) throws Exception {
        try (RawClient client = gateway.client()) {
            client.text(message);
            assertThat(client.message()).startsWith("[\"NOTICE\",\"invalid: ");
            assertUsable(client);
        }
    }

    @Test
    void survivesBracketsAsDeepAsAMessageAllows() throws Exception {
        try (RawClient client = gateway.client()) {
            client.text("[".repeat(16_000));
            assertThat(client.message()).startsWith("[\"NOTICE\",");
            assertUsable(client);
        }
    }

    @Test
    void takesAMessageOfTheLongestLength() throws Exception {
        try (RawClient client = gateway.client()) {
            client.text(" ".repeat(16 * 1024 - 11) + "[\"UNKNOWN\"]");
            assertThat(client.message()).isEqualTo("[\"NOTICE\",\"invalid: unknown verb\"]");
        }
    }

    @Test
    void refusesAMessageOneByteLongerWithNoticeAndClose() throws Exception {
        try (RawClient client = gateway.client()) {
            client.text(" ".repeat(16 * 1024 - 10) + "[\"UNKNOWN\"]");
            assertThat(client.message()).isEqualTo("[\"NOTICE\",\"invalid: message longer than 16384 bytes\"]");
            assertThat(client.receive().closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void refusesFragmentsThatTogetherAreTooLong() throws Exception {
        try (RawClient client = gateway.client()) {
            client.frame(RawClient.TEXT, new byte[10_000]);
            client.frame(RawClient.CONTINUATION, new byte[10_000]);
            assertThat(client.message()).contains("longer than 16384 bytes");
            assertThat(client.receive().closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void putsFragmentsOfOneByteTogetherAndAnswersPingsInBetween() throws Exception {
        Event note = event(1, "fragmented \u00e9\ud83d\ude00");
        byte[] message = publish(note).getBytes(UTF_8);
        byte[] ping = "p".repeat(125).getBytes(UTF_8);
        try (RawClient client = gateway.client()) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int i = 0; i < message.length; i++) {
                int opcode = i == 0 ? RawClient.TEXT : RawClient.CONTINUATION;
                int end = i == message.length - 1 ? RawClient.FINAL : 0;
                frames.writeBytes(RawClient.masked(opcode | end, new byte[] {message[i]}));
                if (i == message.length / 2) {
                    frames.writeBytes(RawClient.masked(RawClient.FINAL | RawClient.PING, ping));
                }
            }
            client.raw(frames.toByteArray());
            RawClient.Received pong = client.receive();
            assertThat(pong.opcode()).isEqualTo(RawClient.PONG);
            assertThat(pong.payload()).isEqualTo(ping);
            assertThat(gateway.log.next().value()).isEqualTo(note.json());
            gateway.verdicts.decide(note.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(note.id(), true, ""));
        }
    }

    @Test
    void readsFramesThatArriveByteByByte() throws Exception {
        try (RawClient client = gateway.client()) {
            for (byte one : RawClient.masked(RawClient.FINAL | RawClient.TEXT, "[\"UNKNOWN\"]".getBytes(UTF_8))) {
                client.raw(new byte[] {one});
            }
            assertThat(client.message()).contains("unknown verb");
        }
    }

    @Test
    void noticesBinaryMessagesAndGoesOn() throws Exception {
        try (RawClient client = gateway.client()) {
            client.frame(RawClient.FINAL | RawClient.BINARY, "[\"CLOSE\",\"a\"]".getBytes(UTF_8));
            assertThat(client.message()).startsWith("[\"NOTICE\",\"invalid: messages are text");
            assertUsable(client);
        }
    }

    @Test
    void closesOnTextThatIsNotUtf8() throws Exception {
        for (byte[] bad : new byte[][] {{'[', '"', (byte) 0xC3, '(', '"', ']'}, {(byte) 0xC0, (byte) 0x80}}) {
            try (RawClient client = gateway.client()) {
                client.frame(RawClient.FINAL | RawClient.TEXT, bad);
                assertThat(client.receive().closeCode()).isEqualTo(1007);
            }
        }
    }

    @Test
    void closesOnUnmaskedAndReservedFrames() throws Exception {
        byte[][] frames = {
            {(byte) 0x81, 2, '[', ']'}, // unmasked
            RawClient.masked(0xC1, new byte[2]), // RSV1 without extension
            RawClient.masked(0x83, new byte[2]), // reserved opcode
            RawClient.masked(0x8B, new byte[2]), // reserved control opcode
            RawClient.masked(RawClient.PING, new byte[2]), // control frame in fragments
            RawClient.masked(RawClient.FINAL | RawClient.PING, new byte[126]),
            RawClient.masked(RawClient.FINAL, new byte[2]), // continuation of nothing
            RawClient.masked(RawClient.FINAL | RawClient.CLOSE, new byte[1]),
            RawClient.masked(RawClient.FINAL | RawClient.CLOSE, new byte[] {3, (byte) 0xED}) // code 1005
        };
        for (byte[] frame : frames) {
            try (RawClient client = gateway.client()) {
                client.raw(frame);
                assertThat(client.receive().closeCode()).isEqualTo(1002);
                client.frame(RawClient.FINAL | RawClient.CLOSE, new byte[] {3, (byte) 0xE8});
                assertThat(client.receive().opcode()).isEqualTo(-1);
            }
        }
    }

    @Test
    void answersACloseFrameAndEndsTheConnection() throws Exception {
        byte[][] payloads = {{}, {3, (byte) 0xE8}, {0x11, (byte) 0xB9, 'b', 'y', 'e'}};
        int[] codes = {1000, 1000, 4537};
        for (int i = 0; i < payloads.length; i++) {
            try (RawClient client = gateway.client()) {
                client.frame(RawClient.FINAL | RawClient.CLOSE, payloads[i]);
                RawClient.Received close = client.receive();
                assertThat(close.opcode()).isEqualTo(RawClient.CLOSE);
                assertThat(close.closeCode()).isEqualTo(codes[i]);
                assertThat(client.receive().opcode()).isEqualTo(-1);
            }
        }
    }

    @Test
    void forgetsConnectionsThatAreGone() throws Exception {
        Connections connections = gateway.bean(Connections.class);
        RawClient client = gateway.client();
        assertUsable(client);
        client.socket().setSoLinger(true, 0);
        client.close();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (connections.open() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(connections.open()).isZero();
    }

    /// Whoever holds what is accepted cuts the gateway off from its own services.
    @Test
    void endsConnectionsThatAreNoWebSocketsBeyondTheBound() throws Exception {
        try (RunningGateway few = RunningGateway.start(
                        "--relay.connections.max-newcomers=2", "--relay.connections.http-idle=1m");
                RawClient client = few.client();
                RawClient silent = RawClient.connect(few.port());
                RawClient other = RawClient.connect(few.port())) {
            awaitNewcomers(few, 2);
            assertEnded(few);
            assertUsable(client);

            silent.close();
            other.close();
            awaitNewcomers(few, 0);
            try (RawClient later = few.client()) {
                assertUsable(later);
            }
        }
    }

    /// One address is not to keep out all others, and may still use what it is allowed.
    @Test
    void endsConnectionsThatAreNoWebSocketsBeyondTheBoundOfAnAddress() throws Exception {
        try (RunningGateway few = RunningGateway.start(
                        "--relay.connections.max-per-address=1", "--relay.connections.http-idle=1m");
                RawClient silent = RawClient.connect(few.port());
                RawClient other = RawClient.connect(few.port())) {
            awaitNewcomers(few, 2);
            assertEnded(few);
            silent.close();
            awaitNewcomers(few, 1);
            try (RawClient later = few.client()) {
                assertUsable(later);
                assertThatThrownBy(few::client).hasMessageContaining("429");
            }
        }
    }

    private static void awaitNewcomers(RunningGateway gateway, int number) {
        Gauge newcomers = gateway.bean(MeterRegistry.class)
                .get("rookery.gateway.newcomers")
                .gauge();
        await().until(() -> newcomers.value() == number);
    }

    /// One more is ended unanswered.
    private static void assertEnded(RunningGateway gateway) throws Exception {
        try (RawClient more = RawClient.connect(gateway.port())) {
            assertThat(more.receive().opcode()).isEqualTo(-1);
        }
    }
}
