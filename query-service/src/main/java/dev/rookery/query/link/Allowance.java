package dev.rookery.query.link;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/// A number of bytes that may be used, and is waited for while there are none: a request's credit, a link's buffer.
/// Thread-safe; who waits is served in order.
///
/// The last use may go beyond what is left, by one page: an event larger than all credit could never be sent otherwise.
final class Allowance {

    private final long most;
    private final Deque<MonoSink<Long>> waiting = new ArrayDeque<>();
    private long left;

    /// @param most which is never exceeded, however much is granted
    Allowance(long initial, long most) {
        this.most = most;
        this.left = Math.min(initial, most);
    }

    /// How much is left, as soon as it is anything.
    Mono<Long> available() {
        return Mono.create(sink -> {
            long now;
            synchronized (this) {
                now = left;
                if (now <= 0) {
                    waiting.add(sink);
                    sink.onDispose(() -> forget(sink));
                    return;
                }
            }
            sink.success(now);
        });
    }

    /// As `available`, but what there is at once is not timed: most of what is asked for is.
    ///
    /// @param late what is given in its place when it takes longer than the bound
    Mono<Long> availableWithin(Duration bound, Mono<Long> late) {
        return Mono.defer(() -> {
            long now = left();
            return now > 0 ? Mono.just(now) : available().timeout(bound, late);
        });
    }

    private synchronized long left() {
        return left;
    }

    synchronized void use(long bytes) {
        left -= bytes;
    }

    void grant(long bytes) {
        Deque<MonoSink<Long>> served = new ArrayDeque<>();
        long now;
        synchronized (this) {
            left = Math.min(most, left + Math.clamp(bytes, 0, most));
            now = left;
            if (now > 0) {
                served.addAll(waiting);
                waiting.clear();
            }
        }
        served.forEach(sink -> sink.success(now));
    }

    private synchronized void forget(MonoSink<Long> sink) {
        waiting.remove(sink);
    }
}
