package dev.rookery.gateway.publish;

import dev.rookery.event.Bytes32;
import java.util.concurrent.atomic.AtomicLongArray;

/// A guess at which events are stored: the ids of those that were found to be so lately. Thread-safe, without locks.
///
/// Each id has one place, where it is remembered by 64 of its bits until another one takes the place: eight bytes for
/// an id. It may be wrong either way, so that it is good for a hint only.
final class KnownIds {

    private final AtomicLongArray places;

    /// @param most ids, rounded up to a power of two; 0 to remember none
    KnownIds(int most) {
        places = new AtomicLongArray(most == 0 ? 0 : Integer.highestOneBit(2 * most - 1));
    }

    boolean mayHave(Bytes32 id) {
        return places.length() > 0 && places.get(place(id)) == mark(id);
    }

    void add(Bytes32 id) {
        if (places.length() > 0) {
            places.setOpaque(place(id), mark(id));
        }
    }

    void remove(Bytes32 id) {
        if (mayHave(id)) {
            places.compareAndSet(place(id), mark(id), 0);
        }
    }

    private int place(Bytes32 id) {
        return (int) id.a() & (places.length() - 1);
    }

    /// Never 0, which stands for no id.
    private static long mark(Bytes32 id) {
        return id.b() | 1;
    }
}
