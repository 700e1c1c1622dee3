package dev.rookery.gateway.subscription;

import dev.rookery.event.Bytes32;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// The ids of the ephemeral events of the last while, and to whom they were told: the same one published twice is
/// delivered once to each. Bounded in time and in number; not thread-safe.
///
/// Whoever an event is told to has been heard of by broadcast-service, and so have all that came before: it is enough
/// to remember the one that came last.
final class RecentIds {

    private final LinkedHashMap<Bytes32, Told> seen = new LinkedHashMap<>();
    private final Clock clock;
    private final Duration window;
    private final int most;

    /// An event that was here.
    private static final class Told {

        private final long at;
        private long upTo;

        private Told(long at, long upTo) {
            this.at = at;
            this.upTo = upTo;
        }
    }

    RecentIds(Clock clock, Duration window, int most) {
        this.clock = clock;
        this.window = window;
        this.most = most;
    }

    /// The event is about to be told to some.
    ///
    /// @param upTo the place of the one of them that came last
    /// @return the place up to which it has been told to all, 0 if to nobody
    long tell(Bytes32 id, long upTo) {
        long now = clock.millis();
        forgetBefore(now - window.toMillis());
        Told told = seen.get(id);
        if (told == null) {
            seen.put(id, new Told(now, upTo));
            return 0;
        }
        long before = told.upTo;
        told.upTo = Math.max(before, upTo);
        return before;
    }

    private void forgetBefore(long time) {
        Iterator<Map.Entry<Bytes32, Told>> oldestFirst = seen.entrySet().iterator();
        while (oldestFirst.hasNext() && (oldestFirst.next().getValue().at < time || seen.size() >= most)) {
            oldestFirst.remove();
        }
    }
}
