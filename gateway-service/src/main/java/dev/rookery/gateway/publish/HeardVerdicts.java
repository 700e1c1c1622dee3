package dev.rookery.gateway.publish;

import dev.rookery.link.LinkFrame.Question;
import dev.rookery.topics.Topics;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// How far the verdicts that come by themselves have come in each lane, and when. Those of a lane come in the order of
/// its offsets, so that one which is passed over has been lost. Thread-safe.
final class HeardVerdicts {

    /// A lane may be silent so many times as long as all of them together.
    private static final int SILENCE_OF_A_LANE = 4;

    private final AtomicReferenceArray<@Nullable Heard> lanes = new AtomicReferenceArray<>(Topics.INDEX_PARTITIONS);
    private volatile @Nullable Heard last;

    /// The last one of a lane: not always that of the highest offset, because a topic can be made again.
    private record Heard(long offset, long at) {}

    void heard(Question place, long now) {
        Heard heard = new Heard(place.offset(), now);
        last = heard;
        lanes.set(place.partition(), heard);
    }

    /// Whether the verdict of an event that was logged at that time is not to be waited for: one of a later event of
    /// its lane has come, or nothing has come any more, be it at all or, for longer, in its lane.
    ///
    /// @param patience how long nothing at all may come
    boolean isOverlooked(Question place, long loggedAt, long now, long patience) {
        Heard ofLane = lanes.get(place.partition());
        return (ofLane != null && ofLane.offset() > place.offset())
                || silence(last, loggedAt, now) >= patience
                || silence(ofLane, loggedAt, now) >= SILENCE_OF_A_LANE * patience;
    }

    /// Before the event was logged, nothing was waited for.
    private static long silence(@Nullable Heard last, long loggedAt, long now) {
        return last == null || last.at() - loggedAt < 0 ? now - loggedAt : now - last.at();
    }
}
