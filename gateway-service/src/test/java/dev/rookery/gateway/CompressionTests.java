package dev.rookery.gateway;

import static dev.rookery.gateway.RunningGateway.event;
import static dev.rookery.gateway.RunningGateway.ok;
import static dev.rookery.gateway.RunningGateway.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.order.Decision;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// permessage-deflate over real sockets.
@Timeout(60)
class CompressionTests {

    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";
    private static final int COMPRESSED = 0x40;
    private static final int LIMIT = 16 * 1024;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start("--relay.limits.enabled=false", "--relay.limits.message-size=16KB");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static byte[] deflated(String text) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(text.getBytes(UTF_8));
        byte[] room = new byte[2 * text.length() + 100];
        int length = deflater.deflate(room, 0, room.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(room, length - 4);
    }

    private static String handshake(RunningGateway relay, String... headers) throws Exception {
        try (RawClient client = RawClient.connect(relay.port())) {
            return client.request(RawClient.handshake("/", headers));
        }
    }

    private static void send(RawClient client, byte[] payload) throws Exception {
        client.frame(RawClient.FINAL | COMPRESSED | RawClient.TEXT, payload);
    }

    @Test
    void isAgreedOnWithoutContextTakeover() throws Exception {
        assertThat(handshake(gateway, OFFER).lines())
                .anyMatch(line -> line.equalsIgnoreCase("Sec-WebSocket-Extensions: permessage-deflate; "
                        + "server_no_context_takeover; client_no_context_takeover"));
    }

    @Test
    void isNotAgreedOnWhereItIsNotOfferedAsItMustBe() throws Exception {
        for (String header : new String[] {
            "X-Other: permessage-deflate",
            "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99",
            "Sec-WebSocket-Extensions: ;;;=,\""
        }) {
            String answer = handshake(gateway, header);
            assertThat(answer).startsWith("HTTP/1.1 101");
            assertThat(answer).doesNotContainIgnoringCase("sec-websocket-extensions");
        }
    }

    @Test
    void isNotAgreedOnWhereTheOperatorDoesNotWantIt() throws Exception {
        try (RunningGateway without = RunningGateway.start("--relay.connections.compression=none")) {
            assertThat(handshake(without, OFFER)).startsWith("HTTP/1.1 101");
            assertThat(handshake(without, OFFER)).doesNotContainIgnoringCase("sec-websocket-extensions");
        }
    }

    @Test
    void takesEventsAsTheyAre() throws Exception {
        Event note = event(1, "compressed \u00e9\ud83d\ude00 \\u0000 ".repeat(200));
        byte[] payload = deflated(publish(note));
        try (RawClient client = gateway.client(OFFER)) {
            client.frame(COMPRESSED | RawClient.TEXT, Arrays.copyOf(payload, 10));
            client.frame(RawClient.FINAL | RawClient.PING, new byte[4]);
            client.frame(RawClient.FINAL, Arrays.copyOfRange(payload, 10, payload.length));
            assertThat(client.receive().opcode()).isEqualTo(RawClient.PONG);
            assertThat(gateway.log.next().value()).isEqualTo(note.json());
            gateway.verdicts.decide(note.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(note.id(), true, ""));
            client.text("[\"UNKNOWN\"]");
            assertThat(client.message()).as("plain messages too").contains("unknown verb");
        }
    }

    @Test
    void holdsTheLimitOnTheInflatedSize() throws Exception {
        try (RawClient client = gateway.client(OFFER)) {
            send(client, deflated(" ".repeat(LIMIT - 11) + "[\"UNKNOWN\"]"));
            assertThat(client.message()).isEqualTo("[\"NOTICE\",\"invalid: unknown verb\"]");
            send(client, deflated(" ".repeat(LIMIT - 10) + "[\"UNKNOWN\"]"));
            assertThat(client.message()).isEqualTo("[\"NOTICE\",\"invalid: message longer than 16384 bytes\"]");
            assertThat(client.receive().closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void closesOnWhatCannotBeInflatedOrIsNoText() throws Exception {
        byte[] noText = {0, 2, 0, (byte) 0xFD, (byte) 0xFF, (byte) 0xC3, '(', 0};
        for (byte[] payload : new byte[][] {{7}, "[\"CLOSE\",\"a\"]".getBytes(UTF_8), noText}) {
            try (RawClient client = gateway.client(OFFER)) {
                send(client, payload);
                assertThat(client.receive().closeCode()).isEqualTo(1007);
            }
        }
    }

    @Test
    void closesOnTheSignOfCompressionWhereItMustNotStand() throws Exception {
        byte[] good = deflated("[\"UNKNOWN\"]");
        try (RawClient client = gateway.client()) {
            send(client, good);
            assertThat(client.receive().closeCode()).as("not agreed on").isEqualTo(1002);
        }
        for (int opcode : new int[] {RawClient.PING, RawClient.PONG, RawClient.CLOSE}) {
            try (RawClient client = gateway.client(OFFER)) {
                client.frame(RawClient.FINAL | COMPRESSED | opcode, new byte[0]);
                assertThat(client.receive().closeCode()).isEqualTo(1002);
            }
        }
        try (RawClient client = gateway.client(OFFER)) {
            client.frame(COMPRESSED | RawClient.TEXT, Arrays.copyOf(good, 3));
            client.frame(RawClient.FINAL | COMPRESSED, Arrays.copyOfRange(good, 3, good.length));
            assertThat(client.receive().closeCode()).as("not the first frame").isEqualTo(1002);
        }
    }
}
