package dev.rookery.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LinkWriterTests {

    private int flushes;
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes++;
            ctx.flush();
        }
    });
    private final LinkWriter writer = new LinkWriter(channel);

    @Test
    void sendsWhatIsWrittenInOneTurnTogetherAndInOrder() {
        for (int handle = 1; handle <= 5; handle++) {
            writer.write(new LinkFrame.Unregister(handle));
        }
        channel.runPendingTasks();

        assertThat(sent()).containsExactly(1, 2, 3, 4, 5);
        assertThat(flushes).isEqualTo(1);
        writer.write(new LinkFrame.Unregister(6));
        channel.runPendingTasks();
        assertThat(sent()).containsExactly(6);
        assertThat(flushes).isEqualTo(2);
    }

    /// Those who send many frames stop when it is not writable: what waits has to count.
    @Test
    void isNotWritableWhileMuchWaitsForTheEventLoop() {
        var large = new LinkFrame.Register(1, new byte[(int) LinkWriter.MOST_WAITING_BYTES]);

        writer.write(large);
        assertThat(channel.isWritable()).isTrue();
        assertThat(writer.isWritable()).isFalse();

        channel.runPendingTasks();
        assertThat(writer.isWritable()).isTrue();
    }

    /// The event loop may have ended too, and would refuse a task.
    @Test
    void leavesNothingToTheEventLoopOfALinkThatHasClosed() {
        channel.close();
        channel.runPendingTasks();
        writer.write(new LinkFrame.Unregister(1));
        assertThat(channel.hasPendingTasks()).isFalse();
        assertThat(sent()).isEmpty();
    }

    private List<Integer> sent() {
        List<Integer> handles = new ArrayList<>();
        for (BinaryWebSocketFrame frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
            if (LinkCodec.decode(frame.content().nioBuffer()) instanceof LinkFrame.Unregister(int handle)) {
                handles.add(handle);
            }
            frame.release();
        }
        return handles;
    }
}
