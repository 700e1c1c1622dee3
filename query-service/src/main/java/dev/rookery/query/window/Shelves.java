package dev.rookery.query.window;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Events by something that they have in common: author, kind, or a tag. For one thread.
final class Shelves<K> {

    /// A shelf with its place in the table, and one event's place on a shelf.
    private static final int SHELF_BYTES = 32 + 24 + 24 + 24;

    private static final int PLACE_BYTES = 6;

    private final Map<K, Postings> shelves = new HashMap<>();
    private long bytes;

    void add(K key, HotEvent event) {
        Postings shelf = shelves.get(key);
        if (shelf == null) {
            shelf = new Postings();
            shelves.put(key, shelf);
            bytes += SHELF_BYTES;
        }
        shelf.add(event);
        bytes += PLACE_BYTES;
    }

    void remove(K key, HotEvent event) {
        Postings shelf = shelves.get(key);
        if (shelf != null) {
            shelf.remove(event);
            bytes -= PLACE_BYTES;
            if (shelf.isEmpty()) {
                shelves.remove(key);
                bytes -= SHELF_BYTES;
            }
        }
    }

    @Nullable
    Postings get(K key) {
        return shelves.get(key);
    }

    /// How many events the shelves hold together.
    long size(Collection<K> keys) {
        long size = 0;
        for (K key : keys) {
            Postings shelf = shelves.get(key);
            size += shelf == null ? 0 : shelf.size();
        }
        return size;
    }

    /// About how much memory they take.
    long bytes() {
        return bytes;
    }
}
