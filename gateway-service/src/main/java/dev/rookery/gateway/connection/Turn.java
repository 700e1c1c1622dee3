package dev.rookery.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one event loop sends between two looks at its sockets: whoever was written to is flushed at the end, all in one
/// task, and a large body that goes to many lies once where the transport can take it. Confined to its event loop.
final class Turn {

    private static final Logger log = LoggerFactory.getLogger(Turn.class);

    private final EventLoop loop;
    private List<Outbound> written = new ArrayList<>();
    private List<Outbound> flushed = new ArrayList<>();
    private boolean endScheduled;
    private byte @Nullable [] body;
    private @Nullable ByteBuf shared;

    Turn(EventLoop loop) {
        this.loop = loop;
    }

    void flushAtTheEnd(Outbound out) {
        written.add(out);
        scheduleEnd();
    }

    /// Whether the body lies there already.
    @SuppressWarnings("ReferenceEquality") // who sends it to several sends the same array
    boolean shares(byte[] bytes) {
        return shared != null && bytes == body;
    }

    /// The transport copies what lies on the heap, for each socket anew; it does not copy this.
    ///
    /// @param bytes the same array for all recipients
    /// @return to be released by whoever sends it
    ByteBuf share(byte[] bytes, Channel channel) {
        ByteBuf direct = shared;
        if (direct == null || !shares(bytes)) {
            forgetBody();
            direct = channel.alloc().directBuffer(bytes.length).writeBytes(bytes);
            shared = direct;
            body = bytes;
            scheduleEnd();
        }
        return direct.retainedDuplicate();
    }

    private void scheduleEnd() {
        if (!endScheduled) {
            endScheduled = true;
            loop.execute(this::end);
        }
    }

    /// Whoever is written to meanwhile is flushed at the end of the next one.
    private void end() {
        endScheduled = false;
        forgetBody();
        List<Outbound> all = written;
        written = flushed;
        flushed = all;
        all.forEach(Turn::flush);
        all.clear();
    }

    private static void flush(Outbound out) {
        try {
            out.flushAtEndOfTurn();
        } catch (RuntimeException ours) {
            log.error("a connection could not be flushed", ours);
            out.cut();
        }
    }

    private void forgetBody() {
        if (shared != null) {
            shared.release();
            shared = null;
            body = null;
        }
    }
}
