package dev.rookery.query.link;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/// A request's credit: the bytes that its gateway has room for. Thread-safe; waited for by one at a time.
///
/// The last use may go beyond what is left, by one page: an event larger than all credit could never be sent otherwise.
final class Allowance {

    private final long most;
    private long left;
    private @Nullable MonoSink<Long> waiting;
    private long waitingSince;

    /// @param most that is ever left, however much is granted
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
                waiting = now > 0 ? null : sink;
                waitingSince = System.nanoTime();
            }
            if (now > 0) {
                sink.success(now);
            }
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

    /// Whether it has been waited for so long.
    synchronized boolean isWaitedForSince(Duration bound) {
        return waiting != null && System.nanoTime() - waitingSince >= bound.toNanos();
    }

    private synchronized long left() {
        return left;
    }

    synchronized void use(long bytes) {
        left -= bytes;
    }

    void grant(long bytes) {
        MonoSink<Long> served;
        long now;
        synchronized (this) {
            left += Math.clamp(bytes, 0, most - left);
            now = left;
            served = waiting;
            waiting = now > 0 ? null : waiting;
        }
        if (now > 0 && served != null) {
            served.success(now);
        }
    }
}
