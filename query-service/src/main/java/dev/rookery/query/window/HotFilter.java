package dev.rookery.query.window;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.query.plan.Planner;
import dev.rookery.query.plan.Sources.ByAuthorAndKind;
import java.util.List;

/// A filter with what is worked out once for all events of the window.
///
/// @param limit how many events at most
/// @param tags  for each tag name the hashes of its values, sorted
@SuppressWarnings("ArrayRecordComponent") // hashes are looked through, and never compared as a whole
public record HotFilter(Filter filter, int limit, List<long[]> tags) {

    public static HotFilter of(Filter filter, int limit) {
        List<long[]> tags = Planner.tags(filter).stream()
                .map(hashes ->
                        hashes.stream().mapToLong(Long::longValue).sorted().toArray())
                .toList();
        return new HotFilter(filter, limit, tags);
    }

    long since() {
        return Planner.since(filter);
    }

    long until() {
        return Planner.until(filter);
    }

    /// How many events there can be at most: one for each author and replaceable kind.
    long most() {
        List<Bytes32> authors = filter.authors();
        List<Integer> kinds = filter.kinds();
        if (authors == null || kinds == null) {
            return Long.MAX_VALUE;
        }
        var pairs = new ByAuthorAndKind(authors, kinds);
        return pairs.holdOneEach() ? pairs.count() : Long.MAX_VALUE;
    }

    /// Two tags may share a hash: where tags are asked for, it is only likely.
    boolean mayMatch(HotEvent event) {
        if (!filter.allows(event.createdAt(), event.kind(), event.pubkey())) {
            return false;
        }
        for (long[] hashes : tags) {
            if (!event.hasAny(hashes)) {
                return false;
            }
        }
        return true;
    }

    /// Compares with the event itself, which is read for that.
    boolean matchesTags(HotEvent event) {
        return filter.matchesExceptSearch(event.event());
    }
}
