package dev.rookery.query.window;

import dev.rookery.event.Bytes32;
import dev.rookery.event.TagHash;
import dev.rookery.order.Effect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The events of the window by all that filters ask for. Those of some kinds are kept, however old; the others pass.
/// For one thread at a time.
final class HotEvents {

    private final Postings all = new Postings();
    private final Postings passing = new Postings();
    private final Map<Integer, Long> keptBytes = new HashMap<>();
    private final Map<Bytes32, HotEvent> byId = new HashMap<>();
    private final Shelves<Bytes32> byAuthor = new Shelves<>();
    private final Shelves<Integer> byKind = new Shelves<>();
    private final Shelves<Long> byTag = new Shelves<>();
    private long bytes;

    /// @param kept the kinds of which every event is to be kept
    HotEvents(Collection<Integer> kept) {
        kept.forEach(kind -> keptBytes.put(kind, 0L));
    }

    int size() {
        return all.size();
    }

    /// About how much memory they take.
    long bytes() {
        return bytes + byAuthor.bytes() + byKind.bytes() + byTag.bytes();
    }

    void add(HotEvent event) {
        if (byId.putIfAbsent(event.id(), event) != null) {
            return;
        }
        all.add(event);
        if (keeps(event.kind())) {
            keptBytes.merge(event.kind(), event.bytes(), Long::sum);
        } else {
            passing.add(event);
        }
        byAuthor.add(event.pubkey(), event);
        byKind.add(event.kind(), event);
        for (long tag : event.tags()) {
            byTag.add(tag, event);
        }
        bytes += event.bytes();
    }

    void remove(HotEvent event) {
        if (byId.remove(event.id()) == null) {
            return;
        }
        all.remove(event);
        if (keeps(event.kind())) {
            keptBytes.merge(event.kind(), -event.bytes(), Long::sum);
        } else {
            passing.remove(event);
        }
        byAuthor.remove(event.pubkey(), event);
        byKind.remove(event.kind(), event);
        for (long tag : event.tags()) {
            byTag.remove(tag, event);
        }
        bytes -= event.bytes();
    }

    void undergo(Effect effect) {
        switch (effect) {
            case Effect.Removed(var id, long _) -> {
                HotEvent gone = byId.get(id);
                if (gone != null) {
                    remove(gone);
                }
            }
            case Effect.Vanished vanished -> touched(vanished).forEach(this::remove);
        }
    }

    boolean keeps(int kind) {
        return keptBytes.containsKey(kind);
    }

    /// About how much memory the kept kinds take, but for the shelves that they are on.
    long keptBytes() {
        return keptBytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /// From now on those of this kind pass like others.
    void letPass(int kind) {
        if (keptBytes.remove(kind) != null) {
            Postings shelf = byKind.get(kind);
            if (shelf != null) {
                passing.addAll(shelf);
            }
        }
    }

    /// The same for the kept kind that takes most, if any is kept.
    boolean letLargestPass() {
        var largest = keptBytes.entrySet().stream().max(Map.Entry.comparingByValue());
        largest.ifPresent(kind -> letPass(kind.getKey()));
        return largest.isPresent();
    }

    /// Of those that pass.
    @Nullable
    HotEvent oldest() {
        return passing.isEmpty() ? null : passing.get(0);
    }

    @Nullable
    HotEvent get(Bytes32 id) {
        return byId.get(id);
    }

    /// Those shelves on which all is that can match, chosen so that they hold as little else as can be.
    List<Postings> shelves(HotFilter filter) {
        List<Postings> best = List.of(all);
        long least = all.size();
        for (var wanted : wanted(filter)) {
            long size = wanted.size();
            if (size < least) {
                least = size;
                best = wanted.shelves();
            }
        }
        return best;
    }

    private List<Wanted<?>> wanted(HotFilter filter) {
        List<Wanted<?>> wanted = new ArrayList<>();
        for (long[] hashes : filter.tags()) {
            List<Long> keys = new ArrayList<>(hashes.length);
            for (long hash : hashes) {
                keys.add(hash);
            }
            wanted.add(new Wanted<>(byTag, keys));
        }
        if (filter.filter().authors() != null) {
            wanted.add(new Wanted<>(byAuthor, filter.filter().authors()));
        }
        if (filter.filter().kinds() != null) {
            wanted.add(new Wanted<>(byKind, filter.filter().kinds()));
        }
        return wanted;
    }

    private record Wanted<K>(Shelves<K> from, List<K> keys) {

        long size() {
            return from.size(keys);
        }

        List<Postings> shelves() {
            List<Postings> shelves = new ArrayList<>();
            for (K key : keys) {
                Postings shelf = from.get(key);
                if (shelf != null) {
                    shelves.add(shelf);
                }
            }
            return shelves;
        }
    }

    /// What goes with somebody's request to vanish: own events, and gift wraps that were sent to them.
    private List<HotEvent> touched(Effect.Vanished vanished) {
        List<HotEvent> touched = new ArrayList<>();
        for (Postings shelf : new Wanted<>(byAuthor, List.of(vanished.author())).shelves()) {
            collect(shelf, vanished, touched);
        }
        long sentTo = TagHash.of('p', vanished.author().toString());
        for (Postings shelf : new Wanted<>(byTag, List.of(sentTo)).shelves()) {
            collect(shelf, vanished, touched);
        }
        return touched;
    }

    private static void collect(Postings shelf, Effect.Vanished vanished, List<HotEvent> touched) {
        int upTo = shelf.countUpTo(vanished.upTo());
        for (int place = 0; place < upTo; place++) {
            if (shelf.get(place).isTouchedBy(vanished)) {
                touched.add(shelf.get(place));
            }
        }
    }
}
