package dev.rookery.filter;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One filter of NIP-01: an event matches if it meets every constraint. Every list is sorted and without doubles,
/// whatever was given.
///
/// @param ids     null for any; an empty list matches nothing, here and below
/// @param authors null for any
/// @param kinds   null for any
/// @param tags    by tag name of one letter, in the order given: the event has, for each, a tag with one of the
/// values
/// @param since   Unix seconds, inclusive; [Long#MIN_VALUE] for none
/// @param until   Unix seconds, inclusive; [Long#MAX_VALUE] for none
/// @param limit   how many stored events are wanted; says nothing about matching
/// @param search  NIP-50; empty for one that says nothing too
public record Filter(
        @Nullable List<Bytes32> ids,
        @Nullable List<Bytes32> authors,
        @Nullable List<Integer> kinds,
        Map<String, List<String>> tags,
        long since,
        long until,
        OptionalInt limit,
        Optional<String> search) {

    /// Matches every event.
    public static final Filter ANY = new Filter(
            null, null, null, Map.of(), Long.MIN_VALUE, Long.MAX_VALUE, OptionalInt.empty(), Optional.empty());

    public Filter {
        ids = sorted(ids);
        authors = sorted(authors);
        kinds = sorted(kinds);
        Map<String, List<String>> copy = new LinkedHashMap<>();
        tags.forEach((name, values) -> copy.put(checkedName(name), List.copyOf(new TreeSet<>(values))));
        tags = Collections.unmodifiableMap(copy);
        search = search.filter(text -> !SearchText.saysNothing(text));
    }

    /// Whether the event meets the filter. One with a search never does: what search finds only the store can tell,
    /// so such a subscription gets no live events.
    public boolean matches(Event event) {
        return search.isEmpty() && matchesExceptSearch(event);
    }

    /// Whether the event meets all that NIP-01 knows, the search left aside.
    public boolean matchesExceptSearch(Event event) {
        return allows(event.createdAt(), event.kind(), event.pubkey()) && allows(ids, event.id()) && matchesTags(event);
    }

    /// Whether an event of this time, kind and author may meet the filter, as far as they tell.
    public boolean allows(long createdAt, int kind, Bytes32 pubkey) {
        return createdAt >= since && createdAt <= until && allows(kinds, kind) && allows(authors, pubkey);
    }

    /// Whether no event at all can match: a list is empty, or the time range is.
    public boolean canMatchNothing() {
        return since > until
                || isEmpty(ids)
                || isEmpty(authors)
                || isEmpty(kinds)
                || tags.values().stream().anyMatch(List::isEmpty);
    }

    public Filter withLimit(OptionalInt other) {
        return other.equals(limit) ? this : new Filter(ids, authors, kinds, tags, since, until, other, search);
    }

    public Filter withKinds(List<Integer> others) {
        return new Filter(ids, authors, others, tags, since, until, limit, search);
    }

    /// What it costs to keep and to match: one, and one for each value of its lists, and one for each pair of author
    /// and kind that a [FilterIndex] may file it under. The index never has more entries of it, each of some
    /// 200 bytes, and to try it on an event takes no more comparisons than a small multiple.
    public int weight() {
        int pairs = authors != null && kinds != null && kinds.size() <= FilterShelves.PAIRED_KINDS
                ? authors.size() * kinds.size()
                : 0;
        int values = tags.values().stream().mapToInt(List::size).sum();
        return 1 + size(ids) + size(authors) + size(kinds) + values + pairs;
    }

    private static int size(@Nullable List<?> values) {
        return values == null ? 0 : values.size();
    }

    private boolean matchesTags(Event event) {
        for (Map.Entry<String, List<String>> wanted : tags.entrySet()) {
            if (!event.tagValues().hasAny(wanted.getKey(), wanted.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static <T extends Comparable<T>> boolean allows(@Nullable List<T> values, T value) {
        return values == null || Collections.binarySearch(values, value) >= 0;
    }

    private static boolean isEmpty(@Nullable Collection<?> values) {
        return values != null && values.isEmpty();
    }

    private static <T extends Comparable<T>> @Nullable List<T> sorted(@Nullable List<T> values) {
        return values == null ? null : List.copyOf(new TreeSet<>(values));
    }

    private static String checkedName(String name) {
        if (name.length() != 1 || !Tag.isLetter(name.charAt(0))) {
            throw new IllegalArgumentException("filters know tag names of one letter only: " + name);
        }
        return name;
    }
}
