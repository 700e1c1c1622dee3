package dev.rookery.gateway.link;

import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// The writing end of a link: what is sent within one turn of its event loop leaves together, with one flush. Frames
/// may be written from any thread and leave in the order of each.
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of a frame shows when the link closes
final class LinkWriter {

    /// What may wait for the event loop, beside what the transport has been given.
    static final long MOST_WAITING_BYTES = 64 << 10;

    private final Channel channel;
    private final Queue<byte[]> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    LinkWriter(Channel channel) {
        this.channel = channel;
    }

    /// Whether the transport, and the event loop, keep up with what they are given.
    boolean isWritable() {
        return waitingBytes.get() < MOST_WAITING_BYTES && channel.isWritable();
    }

    /// On a link that has closed it is lost.
    void write(LinkFrame frame) {
        if (!channel.isActive()) {
            return;
        }
        byte[] bytes = LinkCodec.encode(frame);
        waitingBytes.addAndGet(bytes.length);
        waiting.add(bytes);
        if (scheduled.compareAndSet(false, true)) {
            channel.eventLoop().execute(this::writeAll);
        }
    }

    /// Whoever adds a frame that this does not find any more schedules it anew.
    private void writeAll() {
        scheduled.set(false);
        for (byte[] frame = waiting.poll(); frame != null; frame = waiting.poll()) {
            waitingBytes.addAndGet(-frame.length);
            channel.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(frame)), channel.voidPromise());
        }
        channel.flush();
    }
}
