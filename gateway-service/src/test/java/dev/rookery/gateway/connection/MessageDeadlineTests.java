package dev.rookery.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.gateway.address.AddressBlock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// By when a message that has begun must be complete.
@Timeout(10)
class MessageDeadlineTests {

    private static final int FINAL = 0x80;
    private static final int TEXT = 0x1;
    private static final int CONTINUATION = 0x0;
    private static final int PING = FINAL | 0x9;

    private static final ConnectionProperties BOUNDS = new Binder(new MapConfigurationPropertySource(Map.of()))
            .bindOrCreate("relay.connections", Bindable.of(ConnectionProperties.class));

    private final List<String> heard = new ArrayList<>();
    private long now;
    private final Connections connections = new Connections(
            BOUNDS, 1000, peer -> new Listening(), new Connections.Instruments(() -> now, new SimpleMeterRegistry()));
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Connection connection =
            new Connection(channel, AddressBlock.of(InetAddress.getLoopbackAddress()), connections, null);

    MessageDeadlineTests() {
        channel.pipeline().addLast(connection);
    }

    private final class Listening implements Conversation {

        @Override
        public void hear(byte[] message) {
            heard.add(new String(message, UTF_8));
        }

        @Override
        public boolean wantsMore() {
            return true;
        }

        @Override
        public boolean awaitsAnswers() {
            return false;
        }

        @Override
        public void ended() {}
    }

    /// With a mask of zeros.
    private static byte[] frame(int first, String payload) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeByte(first).writeByte(0x80 | payload.length()).writeInt(0);
        frame.writeCharSequence(payload, UTF_8);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }

    private void receive(byte[] bytes, int from, int to) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
    }

    private void receive(int first, String payload) {
        byte[] bytes = frame(first, payload);
        receive(bytes, 0, bytes.length);
    }

    private boolean isOpenAfter(Duration more) {
        now += more.toNanos();
        connection.look(now, BOUNDS);
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            int first = sent.readUnsignedByte();
            sent.release();
            if (first == 0x88) {
                return false;
            }
        }
        return true;
    }

    @Test
    void pingsBetweenFragmentsDoNotPutOffWhenAMessageMustBeComplete() {
        receive(TEXT, "never ");
        for (int i = 0; i < 6; i++) {
            assertThat(isOpenAfter(Duration.ofSeconds(10))).isTrue();
            receive(PING, "");
        }
        assertThat(isOpenAfter(Duration.ofSeconds(10))).isFalse();
    }

    @Test
    void eachMessageHasTheWholeTime() {
        receive(TEXT, "in ");
        assertThat(isOpenAfter(Duration.ofSeconds(50))).isTrue();
        ByteBuf atOnce = Unpooled.wrappedBuffer(frame(FINAL | CONTINUATION, "time"), frame(TEXT, "and "));
        channel.writeInbound(atOnce);
        assertThat(isOpenAfter(Duration.ofSeconds(50))).isTrue();
        receive(FINAL | CONTINUATION, "again");
        assertThat(heard).containsExactly("in time", "and again");
        receive(PING, "");
        assertThat(isOpenAfter(Duration.ofSeconds(50))).isTrue();
    }

    @Test
    void aPingInTwoPiecesIsNoMessage() {
        byte[] ping = frame(PING, "in pieces");
        receive(ping, 0, 5);
        receive(ping, 5, ping.length);
        for (int i = 0; i < 3; i++) {
            assertThat(isOpenAfter(Duration.ofSeconds(40))).isTrue();
            receive(PING, "");
        }
    }
}
