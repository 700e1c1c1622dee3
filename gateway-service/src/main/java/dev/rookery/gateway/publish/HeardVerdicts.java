package dev.rookery.gateway.publish;

import dev.rookery.link.LinkFrame.Question;
import dev.rookery.topics.Topics;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// How far the verdicts that come by themselves have come in each lane, and when. Those of a lane come in the order of
/// its offsets, so that one which is passed over has been lost. Thread-safe.
final class HeardVerdicts {

    private final AtomicReferenceArray<@Nullable Heard> lanes = new AtomicReferenceArray<>(Topics.INDEX_PARTITIONS);

    /// The last one of a lane: not always that of the highest offset, because a topic can be made again.
    private record Heard(long offset, long at) {}

    void heard(Question place, long now) {
        lanes.set(place.partition(), new Heard(place.offset(), now));
    }

    /// Whether the event's verdict has been lost: one of a later event has come.
    boolean isPassed(Question place) {
        Heard last = lanes.get(place.partition());
        return last != null && last.offset() > place.offset();
    }

    /// Since when nothing has come in the event's lane.
    ///
    /// @param loggedAt when the event was, before which nothing is waited for
    long silentSince(Question place, long loggedAt) {
        Heard last = lanes.get(place.partition());
        return last == null || last.at() - loggedAt < 0 ? loggedAt : last.at();
    }
}
