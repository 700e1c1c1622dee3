package dev.rookery.query.plan;

import dev.rookery.query.plan.Scan.Found;
import dev.rookery.query.plan.Scan.Start;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys of sources of one kind. One is ready when no source can still hold an earlier one: sources read to
/// different depths are never mixed up.
final class SourceCandidates implements Candidates {

    private static final int LEAST_CHUNK = 8;

    /// Of all sources together.
    private static final int MOST_AT_ONCE = 40_000;

    private final Sources sources;
    private final Reach reach;
    /// Where each source has not been read yet; null when it has been read to its end.
    private final @Nullable Key[] unread;

    private List<Key> known = new ArrayList<>();
    private int taken;
    private int ready;
    private int growth = 1;

    /// @param since Unix seconds, inclusive, as is `until`
    SourceCandidates(Sources sources, long since, long until) {
        this.sources = sources;
        this.reach = new Reach(sources, since);
        this.unread = new Key[sources.count()];
        if (since <= until) {
            Arrays.fill(unread, Key.startOf(until));
        }
        settle();
    }

    /// How many keys can be taken without reading on.
    int ready() {
        return ready - taken;
    }

    @Override
    public boolean isReady() {
        return ready() > 0;
    }

    @Override
    public boolean isExhausted() {
        return !isReady() && firstUnread() == null;
    }

    /// The one to be taken next, null when none is ready.
    @Nullable
    Key peek() {
        return isReady() ? known.get(taken) : null;
    }

    @Override
    public Key take() {
        if (!isReady()) {
            throw new IllegalStateException("no key is ready");
        }
        return known.get(taken++);
    }

    @Override
    public Scan next(int wanted) {
        if (sources instanceof Sources.ByIds) {
            return scan(List.of(0), reach.since(), Integer.MAX_VALUE);
        }
        List<Key> untaken = known.subList(taken, known.size());
        Key bound = untaken.size() >= wanted ? untaken.get(wanted - 1) : null;
        if (reach.isUnknown()) {
            return scan(reach.sample(), reach.since(), reach.sampleChunk(wanted));
        }
        long floor = reach.floor(untaken, wanted);
        List<Integer> which = new ArrayList<>();
        for (int source = 0; source < unread.length; source++) {
            Key from = unread[source];
            if (from != null && from.createdAt() >= floor && (bound == null || from.isBefore(bound))) {
                which.add(source);
            }
        }
        if (which.isEmpty()) {
            throw new IllegalStateException("there is nothing more to read");
        }
        return scan(which, floor, chunk(wanted, which.size()));
    }

    @Override
    public void add(Scan scan, List<Found> found) {
        int[] counts = new int[scan.from().size()];
        for (Found one : found) {
            Start start = scan.from().get(one.start());
            known.add(one.key());
            counts[one.start()]++;
            unread[start.source()] = one.key().next();
        }
        for (int start = 0; start < counts.length; start++) {
            if (counts[start] < scan.chunk()) {
                unread[scan.from().get(start).source()] =
                        scan.floor() > reach.since() ? Key.startOf(scan.floor() - 1) : null;
            }
        }
        settle();
    }

    private Scan scan(List<Integer> which, long floor, int chunk) {
        List<Start> from = new ArrayList<>(which.size());
        for (int source : which) {
            Key key = unread[source];
            if (key != null) {
                from.add(new Start(source, key));
            }
        }
        return new Scan(sources, from, floor, chunk);
    }

    /// Of one source all that is wanted. Of several, each its share and more, the more the oftener they were read; of
    /// many, whose floor is expected to end them, as much as the loudest may hold above it. The floor may
    /// be wrong, so that all together have a bound too.
    private int chunk(int wanted, int among) {
        int share = reach.isEstimate() ? wanted / 8 : 2 * wanted / among;
        int chunk = among == 1 ? wanted : Math.max(LEAST_CHUNK, share) * growth;
        growth = Math.min(growth * 4, 1024);
        return Math.min(Math.min(wanted, chunk), Math.max(1, MOST_AT_ONCE / among));
    }

    /// Sorts what is known and finds out how much of it is certain.
    private void settle() {
        List<Key> untaken = known.subList(taken, known.size());
        Collections.sort(untaken);
        List<Key> distinct = new ArrayList<>(untaken.size());
        for (Key key : untaken) {
            if (distinct.isEmpty() || !distinct.getLast().equals(key)) {
                distinct.add(key);
            }
        }
        known = distinct;
        taken = 0;
        Key first = firstUnread();
        int place = first == null ? known.size() : Collections.binarySearch(known, first);
        ready = place < 0 ? -place - 1 : place;
    }

    private @Nullable Key firstUnread() {
        Key first = null;
        for (Key key : unread) {
            if (key != null && (first == null || key.isBefore(first))) {
                first = key;
            }
        }
        return first;
    }
}
