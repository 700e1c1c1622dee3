package dev.rookery.query.window;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Finds what matches some filters, unless the window cannot tell all of it. For one request.
final class Selection {

    /// Of an event whose tags have to be read, so many bytes are as much work as to look at another one.
    private static final int BYTES_PER_LOOK = 512;

    private final HotEvents events;
    private final ToLongFunction<Filter> floors;
    private final Predicate<HotEvent> shown;
    private int looksLeft;

    /// @param floors for a filter, from which second on all that it can match is here
    /// @param shown whether whoever asks may see it, now
    /// @param looks how many events are looked at, at most
    Selection(HotEvents events, ToLongFunction<Filter> floors, Predicate<HotEvent> shown, int looks) {
        this.events = events;
        this.floors = floors;
        this.shown = shown;
        this.looksLeft = looks;
    }

    Optional<List<byte[]>> of(List<HotFilter> filters) {
        Set<HotEvent> found = new LinkedHashSet<>();
        for (HotFilter filter : filters) {
            List<HotEvent> ofOne = filter.filter().ids() == null
                    ? newest(filter)
                    : named(filter, filter.filter().ids());
            if (ofOne == null) {
                return Optional.empty();
            }
            found.addAll(ofOne);
        }
        return Optional.of(
                found.stream().sorted(HotEvent.ORDER).map(HotEvent::json).toList());
    }

    private @Nullable List<HotEvent> newest(HotFilter filter) {
        long floor = floors.applyAsLong(filter.filter());
        long end = Math.max(floor, filter.since());
        Merge merge = new Merge(events.shelves(filter), filter.until());
        List<HotEvent> found = new ArrayList<>();
        HotEvent event = merge.next();
        while (event != null && event.createdAt() >= end && found.size() < filter.limit()) {
            if (--looksLeft < 0) {
                return null;
            }
            if (isWanted(filter, event)) {
                found.add(event);
            }
            event = merge.next();
        }
        boolean nothingOlder = filter.since() >= floor || found.size() == filter.most();
        return nothingOlder || found.size() == filter.limit() ? found : null;
    }

    private boolean isWanted(HotFilter filter, HotEvent event) {
        if (!filter.mayMatch(event) || !shown.test(event)) {
            return false;
        }
        if (filter.tags().isEmpty()) {
            return true;
        }
        looksLeft -= event.json().length / BYTES_PER_LOOK;
        return filter.matchesTags(event);
    }

    /// An event that is not here may be older, so each of them has to be.
    private @Nullable List<HotEvent> named(HotFilter filter, List<Bytes32> ids) {
        long floor = floors.applyAsLong(filter.filter());
        List<HotEvent> found = new ArrayList<>();
        for (Bytes32 id : ids) {
            HotEvent event = events.get(id);
            if (--looksLeft < 0 || (event == null && filter.since() < floor)) {
                return null;
            }
            if (event != null && isWanted(filter, event)) {
                found.add(event);
            }
        }
        found.sort(HotEvent.ORDER);
        return found.subList(0, Math.min(found.size(), filter.limit()));
    }
}
