package dev.rookery.filter;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.filter.FilterIndex.Bucket;
import dev.rookery.filter.FilterIndex.Filed;
import dev.rookery.filter.FilterIndex.Subscription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The buckets of a [FilterIndex], by field and value.
final class FilterShelves<S> {

    /// Filters for more kinds than this are filed by author alone: a bucket for each pair would cost more than it
    /// saves.
    static final int PAIRED_KINDS = 4;

    private final Map<Bytes32, Bucket<S>> byId = new HashMap<>();
    private final Map<Bytes32, Bucket<S>> byAuthor = new HashMap<>();
    private final Map<AuthorOfKind, Bucket<S>> byAuthorAndKind = new HashMap<>();
    private final Map<String, Map<String, Bucket<S>>> byTag = new HashMap<>();
    private final Map<Integer, Bucket<S>> byKind = new HashMap<>();
    private final Bucket<S> others = new Bucket<>(() -> {});

    /// Files a filter that something can match.
    void file(Subscription<S> subscription, Filter filter) {
        Map.@Nullable Entry<String, List<String>> tag = fewestValues(filter);
        List<Bytes32> authors = filter.authors();
        List<Integer> kinds = filter.kinds();
        Filing<S> filing = new Filing<>(new Filed<>(subscription, filter));
        if (filter.ids() != null) {
            filing.under(byId, filter.ids());
        } else if (authors != null
                && (tag == null || authors.size() <= tag.getValue().size())) {
            fileByAuthor(filing, authors, kinds);
        } else if (tag != null) {
            filing.under(byTag.computeIfAbsent(tag.getKey(), name -> new HashMap<>()), tag.getValue());
        } else if (kinds != null) {
            filing.under(byKind, kinds);
        } else {
            others.add(filing.filed());
        }
    }

    /// Gives out every bucket in which filters that match the event can be.
    void candidates(Event event, Consumer<Bucket<S>> candidates) {
        giveOut(byId, event.id(), candidates);
        giveOut(byAuthor, event.pubkey(), candidates);
        if (!byAuthorAndKind.isEmpty()) {
            giveOut(byAuthorAndKind, new AuthorOfKind(event.pubkey(), event.kind()), candidates);
        }
        if (!byTag.isEmpty()) {
            candidatesByTag(event, candidates);
        }
        giveOut(byKind, event.kind(), candidates);
        candidates.accept(others);
    }

    /// The number of buckets, [#others] left aside.
    int buckets() {
        int tags = byTag.values().stream().mapToInt(Map::size).sum();
        return byId.size() + byAuthor.size() + byAuthorAndKind.size() + tags + byKind.size();
    }

    private void candidatesByTag(Event event, Consumer<Bucket<S>> candidates) {
        event.tagValues().forEach((name, value) -> {
            Map<String, Bucket<S>> values = byTag.get(name);
            if (values != null) {
                giveOut(values, value, candidates);
            }
        });
    }

    private void fileByAuthor(Filing<S> filing, List<Bytes32> authors, @Nullable List<Integer> kinds) {
        if (kinds == null || kinds.size() > PAIRED_KINDS) {
            filing.under(byAuthor, authors);
            return;
        }
        for (int kind : kinds) {
            filing.under(
                    byAuthorAndKind,
                    authors.stream()
                            .map(author -> new AuthorOfKind(author, kind))
                            .toList());
        }
    }

    private static Map.@Nullable Entry<String, List<String>> fewestValues(Filter filter) {
        Map.Entry<String, List<String>> fewest = null;
        for (Map.Entry<String, List<String>> tag : filter.tags().entrySet()) {
            if (fewest == null || tag.getValue().size() < fewest.getValue().size()) {
                fewest = tag;
            }
        }
        return fewest;
    }

    private static <K, S> void giveOut(Map<K, Bucket<S>> buckets, K value, Consumer<Bucket<S>> candidates) {
        Bucket<S> bucket = buckets.get(value);
        if (bucket != null) {
            candidates.accept(bucket);
        }
    }

    /// Ordered, because clients choose the keys: of many with one hash, a table of keys without an order looks at each.
    record AuthorOfKind(Bytes32 author, int kind) implements Comparable<AuthorOfKind> {

        @Override
        public int compareTo(AuthorOfKind other) {
            int byAuthor = author.compareTo(other.author);
            return byAuthor == 0 ? Integer.compare(kind, other.kind) : byAuthor;
        }
    }

    private record Filing<S>(Filed<S> filed) {

        <K> void under(Map<K, Bucket<S>> buckets, List<K> values) {
            for (K value : values) {
                buckets.computeIfAbsent(value, v -> new Bucket<>(() -> buckets.remove(v)))
                        .add(filed);
            }
        }
    }
}
