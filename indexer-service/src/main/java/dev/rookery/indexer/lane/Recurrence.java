package dev.rookery.indexer.lane;

import java.time.Duration;

/// What is to be done again and again, though not more often than so, whatever the time of day is set to meanwhile. One
/// thread.
public final class Recurrence {

    private final long pauseNanos;
    private long due = System.nanoTime();

    public Recurrence(Duration pause) {
        pauseNanos = pause.toNanos();
    }

    /// Whoever is told so does it.
    public boolean isDue() {
        long now = System.nanoTime();
        if (now - due < 0) {
            return false;
        }
        due = now + pauseNanos;
        return true;
    }
}
