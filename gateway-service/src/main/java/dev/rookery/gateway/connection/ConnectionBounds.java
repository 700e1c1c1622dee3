package dev.rookery.gateway.connection;

import dev.rookery.gateway.address.AddressBlock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts connections, all together and by client. Thread-safe.
public final class ConnectionBounds {

    private final int max;
    private final int maxPerAddress;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentHashMap<AddressBlock, Integer> byAddress = new ConcurrentHashMap<>();

    /// Whether a connection may be made.
    public enum Entry {
        ENTERED,
        TOO_MANY,
        TOO_MANY_OF_ONE
    }

    public ConnectionBounds(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    /// Everyone who has entered must leave, once.
    public Entry enter(AddressBlock address) {
        if (all.incrementAndGet() > max) {
            all.decrementAndGet();
            return Entry.TOO_MANY;
        }
        if (byAddress.merge(address, 1, Integer::sum) > maxPerAddress) {
            leave(address);
            return Entry.TOO_MANY_OF_ONE;
        }
        return Entry.ENTERED;
    }

    public void leave(AddressBlock address) {
        byAddress.computeIfPresent(address, (same, count) -> count > 1 ? count - 1 : null);
        all.decrementAndGet();
    }

    public int maxPerAddress() {
        return maxPerAddress;
    }

    public int open() {
        return all.get();
    }
}
