package dev.rookery.gateway.subscription;

import dev.rookery.link.LinkFrame.Deliver;
import dev.rookery.order.Position;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Frames of a link that wait until what lies before them has been told; bounded in number and in bytes.
final class HeldFrames {

    private record Held(Position position, @Nullable Deliver frame) {}

    private final ArrayDeque<Held> frames = new ArrayDeque<>();
    private final int most;
    private final long mostBytes;
    private final FeedMeters meters;
    private long bytes;

    HeldFrames(SubscriptionProperties properties, FeedMeters meters) {
        this.most = properties.maxHeld();
        this.mostBytes = properties.maxHeldSize().toBytes();
        this.meters = meters;
    }

    /// False when there is no room for it.
    boolean add(Position position, @Nullable Deliver frame) {
        long size = frame == null ? 0 : frame.event().length;
        if (frames.size() >= most || bytes + size > mostBytes) {
            return false;
        }
        frames.add(new Held(position, frame));
        bytes += size;
        meters.holds(frames.size(), bytes);
        return true;
    }

    /// Lets go of all of them, in the order in which they came.
    void release(BiConsumer<Position, @Nullable Deliver> pass) {
        for (Held next = frames.poll(); next != null; next = frames.poll()) {
            pass.accept(next.position(), next.frame());
        }
        discard();
    }

    void discard() {
        frames.clear();
        bytes = 0;
        meters.holds(0, 0);
    }
}
