package dev.rookery.gateway.limits;

import java.util.concurrent.ConcurrentHashMap;

/// How much of something each key holds, none more than the bound. Thread-safe.
public final class Shares<K> {

    private final int max;
    private final ConcurrentHashMap<K, Integer> held = new ConcurrentHashMap<>();

    public Shares(int max) {
        this.max = max;
    }

    /// Whoever has taken some must give it back. A refusal takes nothing.
    ///
    /// @param amount more than 0
    public boolean take(K key, int amount) {
        boolean[] taken = new boolean[1];
        held.compute(key, (same, before) -> {
            int has = before == null ? 0 : before;
            taken[0] = amount <= max - has;
            return taken[0] ? Integer.valueOf(has + amount) : before;
        });
        return taken[0];
    }

    public void giveBack(K key, int amount) {
        held.computeIfPresent(key, (same, before) -> before > amount ? before - amount : null);
    }

    /// How many keys hold anything.
    public int keys() {
        return (int) held.mappingCount();
    }
}
