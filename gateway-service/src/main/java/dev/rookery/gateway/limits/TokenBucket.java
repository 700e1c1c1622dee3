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

    /// @param times it is to be done at once
    public boolean take(long now, int times) {
        long next = rate.take(fullAt, now, times);
        if (next == Rate.REFUSED) {
            return false;
        }
        fullAt = next;
        return true;
    }
}
