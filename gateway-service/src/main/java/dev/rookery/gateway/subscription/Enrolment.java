package dev.rookery.gateway.subscription;

import dev.rookery.gateway.link.Link;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/// The standing subscriptions on their way to a new link: few enough at a time that the event loop has time for its
/// other work, and that neither end has more to write than the other reads. Confined to the feed's event loop.
final class Enrolment {

    private final LiveFeed feed;
    private final Link link;
    private final Queue<LiveListener> left;
    private final Set<Integer> unanswered = new HashSet<>();

    Enrolment(LiveFeed feed, Link link, List<LiveListener> standing) {
        this.feed = feed;
        this.link = link;
        this.left = new ArrayDeque<>(standing);
    }

    /// Goes on as far as it may. To be called when the link has said anything: that it says where it is, each second,
    /// is enough for what waits only for the link to take more.
    ///
    /// @param mostUnanswered at a time
    void goOn(int mostUnanswered) {
        while (!left.isEmpty() && unanswered.size() < mostUnanswered && link.isWritable()) {
            LiveListener next = left.remove();
            if (feed.hears(next)) {
                unanswered.add(feed.enrol(next));
            }
        }
    }

    /// A registration has been answered, perhaps that of one who came later.
    void answered(int handle) {
        unanswered.remove(handle);
    }

    /// Whether every standing subscription has been answered, or has gone.
    boolean isOver() {
        return left.isEmpty() && unanswered.isEmpty();
    }
}
