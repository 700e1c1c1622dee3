package dev.rookery.query.answer;

import dev.rookery.event.Event;
import dev.rookery.query.plan.Candidates;
import dev.rookery.query.plan.FilterPlan;
import dev.rookery.query.plan.Key;
import dev.rookery.query.plan.Planner;
import dev.rookery.query.plan.Scan;
import dev.rookery.query.plan.Scan.Found;
import dev.rookery.query.plan.Sources.ByIds;
import dev.rookery.query.plan.Sources.ByTag;
import dev.rookery.query.stored.Calls;
import dev.rookery.query.stored.FoundRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// One filter of a request on its way: how many events it may still find, and the keys to look at next, in order.
final class FilterRun {

    private static final int MOST_KEYS = 1_000;
    private static final int MOST_CANDIDATES = 4_000;

    private final FilterPlan plan;
    private final Candidates candidates;
    /// Keys that meet all that can be asked without reading the event.
    private final Deque<Key> heads = new ArrayDeque<>();
    private final Map<Key, byte[]> rows = new HashMap<>();
    private int remaining;
    private int breadth;
    /// How many keys in a row had no event for this filter.
    private int missed;
    /// Of the last event that it has brought.
    private @Nullable Key last;
    private boolean hasBroughtAll;

    /// How a filter is read.
    ///
    /// @param workers where keys are sorted
    /// @param now     Unix seconds
    /// @param rows    so many may come with their keys
    /// @param bytes   of all of those
    record Reading(Asking asking, Scheduler workers, long now, int rows, long bytes) {}

    /// @param limit how many events it may find at most
    FilterRun(FilterPlan plan, int limit) {
        this.plan = plan;
        this.candidates = Candidates.of(plan.sources(), Planner.since(plan.filter()), Planner.until(plan.filter()));
        this.remaining = limit;
        this.breadth = 2 * limit + 64;
    }

    /// Whether more must be read before it is known which key comes next.
    boolean lacks() {
        return remaining > 0 && heads.isEmpty() && !candidates.isExhausted();
    }

    /// Whether it has taken as many keys as it wants events.
    boolean isComplete() {
        return remaining == 0;
    }

    /// Whether there is nothing more to be had, or wanted.
    boolean isFinished() {
        return isComplete() || (heads.isEmpty() && candidates.isExhausted());
    }

    /// One step towards the next key.
    Mono<Void> read(Reading reading) {
        if (candidates.isReady()) {
            return verify(reading.asking());
        }
        Scan scan = candidates.next(plan.residual().isNone() ? likely() : breadth());
        return bringsRows(scan, reading)
                ? scanRows(scan, reading)
                : reading.asking()
                        .ask(Calls.scan(scan))
                        .publishOn(reading.workers())
                        .doOnNext(found -> add(scan, found))
                        .then();
    }

    /// As many keys as events are wanted; but where all are gone, as those of somebody who has vanished and had much,
    /// the more the longer that goes on.
    private int likely() {
        return Math.max(Math.min(MOST_KEYS, remaining), Math.min(MOST_CANDIDATES, missed));
    }

    /// Of candidates, of which few may be left: more with each time.
    private int breadth() {
        int now = Math.min(MOST_CANDIDATES, breadth);
        breadth = 2 * now;
        return now;
    }

    private Mono<Void> verify(Asking asking) {
        List<Key> keys = new ArrayList<>();
        while (candidates.isReady() && keys.size() < MOST_CANDIDATES) {
            keys.add(candidates.take());
        }
        return asking.ask(Calls.verify(keys, plan.residual()))
                .doOnNext(places -> places.forEach(place -> heads.add(keys.get(place))))
                .then();
    }

    /// Where most of the keys that are found will be sent, their rows may come with them, and the page needs no
    /// question more.
    private boolean bringsRows(Scan scan, Reading reading) {
        if (!plan.residual().isNone()) {
            return false;
        }
        if (scan.sources() instanceof ByIds(var ids)) {
            return ids.size() <= reading.rows();
        }
        long sources = scan.sources().count();
        long most = scan.sources().holdOneEach() ? sources : sources * scan.chunk();
        // From a tag the way to the row is as long as from a key that is looked up later.
        int spare = scan.sources() instanceof ByTag ? 1 : 2;
        return most <= (long) spare * Math.max(missed, Math.min(remaining, reading.rows()));
    }

    private Mono<Void> scanRows(Scan scan, Reading reading) {
        return reading.asking()
                .ask(Calls.scanRows(scan, reading.asking().upTo(), reading.now(), reading.bytes()))
                .doOnNext(found -> {
                    for (FoundRow row : found) {
                        if (row.json() != null) {
                            rows.put(row.found().key(), row.json());
                        }
                    }
                    add(scan, found.stream().map(FoundRow::found).toList());
                })
                .then();
    }

    private void add(Scan scan, List<Found> found) {
        candidates.add(scan, found);
        while (plan.residual().isNone() && candidates.isReady()) {
            heads.add(candidates.take());
        }
    }

    /// The row of a key, if it came with it; empty when the event is gone. Given once.
    byte @Nullable [] takeRow(Key key) {
        return rows.remove(key);
    }

    /// The next key, null when there is none or none known yet.
    @Nullable
    Key head() {
        return remaining > 0 ? heads.peek() : null;
    }

    /// Takes the next key, on the assumption that its event will be found and match.
    Key take() {
        remaining--;
        return heads.remove();
    }

    /// The event of a key taken was not found, or did not match.
    void miss() {
        remaining++;
        missed++;
    }

    /// Gives a key back that was taken last, with its row if it had come with it.
    void putBack(Key key, byte @Nullable [] row) {
        remaining++;
        heads.addFirst(key);
        if (row != null) {
            rows.put(key, row);
        }
    }

    boolean matches(Event event) {
        boolean matches = plan.filter().matchesExceptSearch(event);
        if (matches) {
            missed = 0;
            last = new Key(event.createdAt(), event.id());
        }
        return matches;
    }

    /// It has brought what it may: now it is read on to the next event, if it may not have brought all.
    void wantOneMore() {
        hasBroughtAll = !isComplete();
        remaining = hasBroughtAll ? remaining : 1;
    }

    /// Whether it has brought this event, before it was read on.
    boolean hasSent(Event event) {
        boolean reached = hasBroughtAll || (last != null && !last.isBefore(new Key(event.createdAt(), event.id())));
        return reached && plan.filter().matchesExceptSearch(event);
    }
}
