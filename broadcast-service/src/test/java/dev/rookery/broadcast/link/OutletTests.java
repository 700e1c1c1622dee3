package dev.rookery.broadcast.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.web.reactive.socket.CloseStatus;

@Timeout(10)
class OutletTests {

    private final HeldBack transport = new HeldBack();
    private final EmbeddedChannel channel = new EmbeddedChannel(transport);
    private final Outlet outlet = new Outlet(channel, new LinkMeters(new SimpleMeterRegistry()));

    @Test
    void countsAFrameUntilTheTransportHasTakenIt() {
        outlet.send(new byte[100]);
        assertThat(outlet.pending()).isEqualTo(164);
        channel.runPendingTasks();
        assertThat(outlet.pending()).isEqualTo(164);
        transport.first.setSuccess();
        assertThat(outlet.pending()).isZero();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void closesTheConnectionWhenAFrameCannotBeWritten() {
        outlet.send(new byte[100]);
        channel.runPendingTasks();
        transport.first.setFailure(new IllegalStateException("no memory"));
        assertThat(channel.isOpen()).isFalse();
        assertThat(outlet.pending()).isZero();
    }

    @Test
    void tellsOfTheEndOnlyWhenEverythingBeforeItHasBeenWritten() {
        outlet.send(new byte[] {1});
        outlet.end(CloseStatus.GOING_AWAY);
        assertThat(transport.written).isZero();
        channel.runPendingTasks();
        assertThat(transport.written).isEqualTo(1);
        assertThat(outlet.ended().block(Duration.ofSeconds(1))).isEqualTo(CloseStatus.GOING_AWAY);
    }

    @Test
    void writesNothingMoreOnceItIsCut() {
        outlet.send(new byte[] {1});
        outlet.cut(CloseStatus.SERVICE_OVERLOAD);
        channel.runPendingTasks();
        assertThat(transport.written).isZero();
        assertThat(outlet.pending()).isZero();
    }

    @Test
    void writesFramesAsTheyAreInTheirOrder() {
        outlet.send(new byte[] {1});
        outlet.send(new byte[] {2});
        channel.runPendingTasks();
        assertThat(transport.bytes).isEqualTo("0102");
    }

    /// Takes frames and completes none of them by itself.
    private static final class HeldBack extends ChannelOutboundHandlerAdapter {

        private ChannelPromise first;
        private int written;
        private String bytes = "";

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            written++;
            bytes += ByteBufUtil.hexDump(((BinaryWebSocketFrame) message).content());
            ReferenceCountUtil.release(message);
            if (first == null) {
                first = promise;
            }
        }
    }
}
