package dev.rookery.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.gateway.address.AddressBlock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// How far a connection is read when its conversation wants no more.
@Timeout(20)
class ReadingTests {

    /// An empty text, with a mask of zeros.
    private static final byte[] MESSAGE = {(byte) 0x81, (byte) 0x80, 0, 0, 0, 0};

    private static final class Sated implements Conversation {

        private boolean sated;

        @Override
        public void hear(byte[] message) {
            sated = true;
        }

        @Override
        public boolean wantsMore() {
            return !sated;
        }

        @Override
        public boolean awaitsAnswers() {
            return false;
        }

        @Override
        public void ended() {}
    }

    /// The transport goes on while it has something, and says only then that it has read all.
    @Test
    void stopsAfterTheBufferAndNotOnlyAfterAllThatHasCome() {
        Connections connections = new Connections(
                new Binder(new MapConfigurationPropertySource(Map.of()))
                        .bindOrCreate("relay.connections", Bindable.of(ConnectionProperties.class)),
                1000,
                peer -> new Sated(),
                new Connections.Instruments(System::nanoTime, new SimpleMeterRegistry()));
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline()
                .addLast(new Connection(channel, AddressBlock.of(InetAddress.getLoopbackAddress()), connections, null));
        channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(MESSAGE));
        assertThat(channel.config().isAutoRead()).isFalse();
    }
}
