package dev.rookery.gateway.limits;

/// One token bucket, of one connection. Not thread-safe.
public final class TokenBucket {

    private final Rate rate;
    private long fullAt;

    /// A full one.
    ///
    /// @param now nanoseconds, as `System.nanoTime` gives them
    public TokenBucket(Rate rate, long now) {
        this.rate = rate;
        this.fullAt = now;
    }

    public boolean take(long now) {
        long next = rate.take(fullAt, now);
        if (next == Rate.REFUSED) {
            return false;
        }
        fullAt = next;
        return true;
    }
}
