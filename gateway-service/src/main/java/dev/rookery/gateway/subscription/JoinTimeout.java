package dev.rookery.gateway.subscription;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How long one REQ has been without an answer, and how long it may be from when it is its turn. Confined to its
/// connection's event loop.
final class JoinTimeout {

    private final EventExecutor executor;
    private final long boundNanos;
    private final long openedAt;
    private @Nullable Future<?> end;

    JoinTimeout(EventExecutor executor, Duration bound) {
        this.executor = executor;
        this.boundNanos = bound.toNanos();
        this.openedAt = executor.ticker().nanoTime();
    }

    /// Its turn has come.
    void start(Runnable giveUp) {
        end = executor.schedule(giveUp, boundNanos, TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (end != null) {
            end.cancel(false);
        }
    }

    /// Since it was opened, its turn or not.
    long elapsedNanos() {
        return executor.ticker().nanoTime() - openedAt;
    }

    /// Whether it has waited for half of what it may be without an answer once it is its turn.
    boolean isHalfOver() {
        return 2 * elapsedNanos() >= boundNanos;
    }
}
