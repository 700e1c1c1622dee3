package dev.rookery.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Bounded waiting for something that gives no signal of its own.
public final class Await {

    private static final Duration INTERVAL = Duration.ofMillis(10);

    private Await() {}

    /// What is waited for.
    public interface Condition {
        boolean holds() throws IOException;
    }

    /// Looks each 10 ms; false when the condition did not hold within `bound` or the thread was interrupted.
    public static boolean until(Duration bound, Condition condition) throws IOException {
        long end = System.nanoTime() + bound.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
        return true;
    }
}
