package dev.rookery.gateway.limits;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// One token bucket for each key, in memory only for as long as it is not full. Thread-safe.
///
/// The number of keys is bounded: beyond the bound those that are not known yet are refused until buckets have
/// filled up, so that made-up keys cannot take all memory.
public final class TokenBuckets<K> {

    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final Rate rate;
    private final int maxKeys;
    private final LongSupplier nanos;
    private final ConcurrentHashMap<K, Long> fullAt = new ConcurrentHashMap<>();
    private final AtomicLong sweepAt;

    /// @param nanos the time, as `System.nanoTime` gives it
    public TokenBuckets(Rate rate, int maxKeys, LongSupplier nanos) {
        this.rate = rate;
        this.maxKeys = maxKeys;
        this.nanos = nanos;
        this.sweepAt = new AtomicLong(nanos.getAsLong() + SWEEP_NANOS);
    }

    /// Whether the key may do it once more now. A refusal costs it nothing.
    public boolean take(K key) {
        return take(key, 1);
    }

    /// @param times it is to be done at once
    public boolean take(K key, int times) {
        long now = nanos.getAsLong();
        sweep(now);
        if (fullAt.mappingCount() >= maxKeys && !fullAt.containsKey(key)) {
            return false;
        }
        boolean[] taken = new boolean[1];
        fullAt.compute(key, (same, state) -> {
            long next = rate.take(state == null ? now : state, now, times);
            taken[0] = next != Rate.REFUSED;
            return taken[0] ? Long.valueOf(next) : state;
        });
        return taken[0];
    }

    /// Takes back that the key has done it once. Never makes a bucket more than full.
    public void giveBack(K key) {
        fullAt.computeIfPresent(key, (same, state) -> rate.giveBack(state));
    }

    public long keys() {
        return fullAt.mappingCount();
    }

    private void sweep(long now) {
        long due = sweepAt.get();
        if (now - due >= 0 && sweepAt.compareAndSet(due, now + SWEEP_NANOS)) {
            fullAt.values().removeIf(full -> full - now <= 0);
        }
    }
}
