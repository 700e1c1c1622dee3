package dev.rookery.gateway.subscription;

import dev.rookery.event.Bytes32;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// The ids of the ephemeral events of the last while: the same one published twice is delivered once. Bounded in
/// time and in number; not thread-safe.
final class RecentIds {

    private final LinkedHashMap<Bytes32, Long> seenAt = new LinkedHashMap<>();
    private final Clock clock;
    private final Duration window;
    private final int most;

    RecentIds(Clock clock, Duration window, int most) {
        this.clock = clock;
        this.window = window;
        this.most = most;
    }

    /// Whether the id is new.
    boolean add(Bytes32 id) {
        long now = clock.millis();
        forgetBefore(now - window.toMillis());
        return seenAt.putIfAbsent(id, now) == null;
    }

    private void forgetBefore(long time) {
        Iterator<Map.Entry<Bytes32, Long>> oldestFirst = seenAt.entrySet().iterator();
        while (oldestFirst.hasNext() && (oldestFirst.next().getValue() < time || seenAt.size() >= most)) {
            oldestFirst.remove();
        }
    }
}
