package dev.rookery.gateway.publish;

import java.util.concurrent.atomic.AtomicInteger;

/// How many events have been answered on the log's word alone since the database was last heard of. Thread-safe.
final class Provisional {

    private final int max;
    private final AtomicInteger given = new AtomicInteger();
    private volatile boolean storeDown;

    Provisional(int max) {
        this.max = max;
    }

    void storeAnswers() {
        storeDown = false;
        given.set(0);
    }

    void storeIsDown() {
        storeDown = true;
    }

    /// What was last heard is no longer to be relied on.
    void storeIsUnheard() {
        storeDown = false;
    }

    /// Whether one more may be answered so.
    boolean give() {
        return storeDown && given.getAndUpdate(count -> Math.min(count + 1, max)) < max;
    }

    /// Whether so many have been that nothing more should be logged.
    boolean isExhausted() {
        return storeDown && given.get() >= max;
    }
}
