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
        long size = size(frame);
        if (frames.size() >= most || bytes + size > mostBytes) {
            return false;
        }
        frames.add(new Held(position, frame));
        bytes += size;
        meters.holds(frames.size(), bytes);
        return true;
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    /// Lets go of the next so many of them, in the order in which they came.
    void release(int most, BiConsumer<Position, @Nullable Deliver> pass) {
        for (int i = 0; i < most && !frames.isEmpty(); i++) {
            Held next = frames.remove();
            bytes -= size(next.frame());
            pass.accept(next.position(), next.frame());
        }
        meters.holds(frames.size(), bytes);
    }

    /// Where many want the same, those whom it is for take more than the event.
    private static long size(@Nullable Deliver frame) {
        return frame == null ? 0 : frame.event().length + (long) Integer.BYTES * frame.handles().length;
    }

    void discard() {
        frames.clear();
        bytes = 0;
        meters.holds(0, 0);
    }
}
