package dev.rookery.query.stored;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.link.LinkFrame.Placed;
import dev.rookery.query.plan.Key;
import dev.rookery.query.plan.Planner;
import dev.rookery.query.stored.Rows.Row;
import dev.rookery.query.stored.Wanted.Fresh;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What can be asked of a view about full text.
public final class SearchCalls {

    private SearchCalls() {}

    /// @param kinds those that are searched
    public static Call<Unwritten> unwritten(Set<Integer> kinds, int events, long bytes) {
        return new Call<>(
                "search-unwritten",
                SearchStatements.UNWRITTEN,
                List.of(kinds.toArray(Integer[]::new), events, bytes),
                page -> new Unwritten(
                        page.getLong(),
                        page.getLong(),
                        Packed.items(page, row -> new Placed(row.getLong(), Packed.array(row)))));
    }

    public static Call<List<Hit>> search(Wanted wanted) {
        Filter filter = wanted.filter();
        TagBits tags = TagBits.of(Planner.tags(filter));
        List<Fresh> fresh = wanted.fresh();
        List<Object> arguments = List.of(
                wanted.words().toArray(String[]::new),
                wanted.upTo(),
                Packed.ids(orNone(filter.ids())),
                Packed.ids(orNone(filter.authors())),
                filter.kinds() == null ? new Integer[0] : filter.kinds().toArray(Integer[]::new),
                Planner.since(filter),
                Planner.until(filter),
                tags.all(),
                tags.hashes(),
                tags.names(),
                wanted.most(),
                fresh.stream().map(Fresh::seq).toArray(Long[]::new),
                Packed.secondsOf(fresh.stream().map(Fresh::key).toList()),
                Packed.idsOf(fresh.stream().map(Fresh::key).toList()),
                fresh.stream().map(Fresh::vector).toArray(String[]::new));
        return new Call<>(
                "search",
                SearchStatements.SEARCH,
                arguments,
                bytes -> Packed.items(bytes, one -> new Hit(one.getFloat(), one.getLong(), Packed.key(one))));
    }

    /// What is left of the rows of some hits, as `Calls.rows`.
    public static Call<Rows> rows(List<Hit> hits, long upTo, long now, long bytes) {
        List<Key> keys = hits.stream().map(Hit::key).toList();
        List<Object> arguments = List.of(
                Packed.secondsOf(keys),
                Packed.idsOf(keys),
                upTo,
                now,
                bytes,
                hits.stream().map(Hit::seq).toArray(Long[]::new));
        return new Call<>(
                "search-rows",
                SearchStatements.ROWS,
                arguments,
                page -> new Rows(page.getInt(), Packed.items(page, row -> new Row(row.getInt(), Packed.array(row)))));
    }

    private static List<Bytes32> orNone(@Nullable List<Bytes32> keys) {
        return Objects.requireNonNullElse(keys, List.of());
    }
}
