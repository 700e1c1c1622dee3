package dev.rookery.order;

import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Records that have come too early, by their `seq`; bounded in number and in bytes.
final class HeldBack<T> {

    private final TreeMap<Long, T> bySeq = new TreeMap<>();
    private final ToLongFunction<T> size;
    private long bytes;

    HeldBack(ToLongFunction<T> size) {
        this.size = size;
    }

    /// False when there is one already.
    boolean add(long seq, T item) {
        if (bySeq.putIfAbsent(seq, item) != null) {
            return false;
        }
        bytes += size.applyAsLong(item);
        return true;
    }

    boolean has(long seq) {
        return bySeq.containsKey(seq);
    }

    /// The lowest `seq`, or another one when there is none.
    long firstOr(long none) {
        return bySeq.isEmpty() ? none : bySeq.firstKey();
    }

    /// The record at this place, which is the lowest, and is not held any more; null when the lowest is another.
    @Nullable
    T take(long seq) {
        if (firstOr(seq - 1) != seq) {
            return null;
        }
        T item = bySeq.pollFirstEntry().getValue();
        bytes -= size.applyAsLong(item);
        return item;
    }

    /// Lets the highest go, until no more than so many are left and they take no more than so much; but never the
    /// last one.
    ///
    /// @return whether any had to go
    boolean shrink(int most, long mostBytes) {
        boolean any = false;
        while (bySeq.size() > most || (bytes > mostBytes && bySeq.size() > 1)) {
            bytes -= size.applyAsLong(bySeq.pollLastEntry().getValue());
            any = true;
        }
        return any;
    }

    boolean hasRoom(int most, long mostBytes) {
        return bySeq.isEmpty() || (bySeq.size() < most && bytes < mostBytes);
    }

    void removeUpTo(long seq) {
        while (firstOr(seq + 1) <= seq) {
            bytes -= size.applyAsLong(bySeq.pollFirstEntry().getValue());
        }
    }

    void clear() {
        bySeq.clear();
        bytes = 0;
    }

    int count() {
        return bySeq.size();
    }

    long bytes() {
        return bytes;
    }
}
