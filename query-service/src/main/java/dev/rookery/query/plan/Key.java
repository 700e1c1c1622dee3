package dev.rookery.query.plan;

import dev.rookery.event.Bytes32;

/// A stored event's place in the order of NIP-01: newest first, and of one second the lowest id first.
///
/// @param createdAt Unix seconds
public record Key(long createdAt, Bytes32 id) implements Comparable<Key> {

    private static final Bytes32 LOWEST = new Bytes32(0, 0, 0, 0);

    /// The first key of a second.
    public static Key startOf(long second) {
        return new Key(second, LOWEST);
    }

    /// The key that directly follows.
    public Key next() {
        if (id.d() != -1) {
            return new Key(createdAt, new Bytes32(id.a(), id.b(), id.c(), id.d() + 1));
        }
        if (id.c() != -1) {
            return new Key(createdAt, new Bytes32(id.a(), id.b(), id.c() + 1, 0));
        }
        if (id.b() != -1) {
            return new Key(createdAt, new Bytes32(id.a(), id.b() + 1, 0, 0));
        }
        return id.a() == -1 ? startOf(createdAt - 1) : new Key(createdAt, new Bytes32(id.a() + 1, 0, 0, 0));
    }

    public boolean isBefore(Key other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(Key other) {
        int byTime = Long.compare(other.createdAt, createdAt);
        return byTime != 0 ? byTime : id.compareTo(other.id);
    }
}
