package dev.rookery.gateway.link;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Asks query-service again for what it could not answer in passing, as while it cannot be reached. Each pause is twice
/// as long as the one before, up to a bound, and some time after the first failure it is given up. Confined to its
/// connection's event loop.
public final class Retry {

    private static final long FIRST_PAUSE_MILLIS = 25;
    private static final long LONGEST_PAUSE_MILLIS = 200;

    private final EventExecutor executor;
    private final long withinNanos;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private @Nullable Long failingSince;
    private @Nullable Future<?> next;

    /// @param within how long it is tried
    public Retry(EventExecutor executor, Duration within) {
        this.executor = executor;
        this.withinNanos = within.toNanos();
    }

    /// Asks again after a pause.
    ///
    /// @return false when that has been done for long enough
    public boolean later(Runnable ask) {
        long now = executor.ticker().nanoTime();
        failingSince = failingSince == null ? now : failingSince;
        if (now - failingSince >= withinNanos) {
            return false;
        }
        next = executor.schedule(ask, pauseMillis, TimeUnit.MILLISECONDS);
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
        return true;
    }

    /// It is not asked again after the pause that has begun.
    public void cancel() {
        if (next != null) {
            next.cancel(false);
        }
    }
}
