package dev.rookery.broadcast.link;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.reactive.socket.CloseStatus;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// The transport's end of a link. Frames are written on the event loop, as many at a time as there are, and each is
/// counted until the operating system has taken it.
///
/// It writes to the channel itself: a session's `send` takes up to 128 frames of any size and tells nothing of them.
///
/// `send`, `end`, `cut` and `drop` are for one thread, the rest for any.
final class Outlet {

    /// What a frame takes beside its bytes.
    private static final int FRAME_COST = 64;

    private static final Logger log = LoggerFactory.getLogger(Outlet.class);

    private final Channel channel;
    private final LinkMeters meters;
    private final Queue<byte[]> frames = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicLong pending = new AtomicLong();
    private final Sinks.One<CloseStatus> ended = Sinks.one();
    private volatile @Nullable CloseStatus ending;

    Outlet(Channel channel, LinkMeters meters) {
        this.channel = channel;
        this.meters = meters;
    }

    static int cost(byte[] frame) {
        return frame.length + FRAME_COST;
    }

    void send(byte[] frame) {
        count(cost(frame));
        frames.add(frame);
        schedule();
    }

    /// What has been given to `send` and has not left this process.
    long pending() {
        return pending.get();
    }

    /// Nothing is sent after this; `ended` tells when all before it has been written.
    void end(CloseStatus status) {
        ending = status;
        schedule();
    }

    /// As `end`, but what has not been written is dropped.
    void cut(CloseStatus status) {
        drop();
        end(status);
    }

    /// What has not been written never will be.
    void drop() {
        for (byte[] frame = frames.poll(); frame != null; frame = frames.poll()) {
            count(-cost(frame));
        }
    }

    /// Ends the connection, whatever it has not sent.
    void disconnect() {
        var _ = channel.close();
    }

    /// With what the connection is to be closed.
    Mono<CloseStatus> ended() {
        return ended.asMono();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            channel.eventLoop().execute(this::write);
        }
    }

    private void write() {
        scheduled.set(false);
        for (byte[] frame = frames.poll(); frame != null; frame = frames.poll()) {
            var _ = channel.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(frame)), taken(cost(frame)));
        }
        channel.flush();
        CloseStatus status = ending;
        if (status != null) {
            ended.tryEmitValue(status);
        }
    }

    /// What cannot be written is lost, and a link with a loss must not go on.
    private ChannelPromise taken(int cost) {
        ChannelPromise taken = channel.newPromise();
        taken.addListener(done -> {
            count(-cost);
            if (!done.isSuccess()) {
                log.debug("link lost", done.cause());
                disconnect();
            }
        });
        return taken;
    }

    private void count(long more) {
        pending.addAndGet(more);
        meters.buffered(more);
    }
}
