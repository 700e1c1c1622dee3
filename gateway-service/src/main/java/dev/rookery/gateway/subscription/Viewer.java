package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import java.util.List;
import java.util.function.BiPredicate;

/// Whom the events of one REQ are sent to. The store and broadcast-service have matched them, but only the connection
/// knows its viewer and the time of sending. Confined to its event loop.
final class Viewer {

    private final List<Filter> filters;
    private final Joining joining;

    Viewer(List<Filter> filters, Joining joining) {
        this.filters = filters;
        this.joining = joining;
    }

    /// Whether a stored event is to be sent. What a search finds the store alone knows.
    boolean isToGetStored(Event event) {
        return isToGet(event, Filter::matchesExceptSearch);
    }

    /// Whether a live event is to be sent. A filter that has a search is for stored events only.
    boolean isToGetLive(Event event) {
        return isToGet(event, Filter::matches);
    }

    /// A live event is shown to the keys that are proven when it comes, whether it is sent then or kept. Keys are
    /// never lost, so what is kept may still be shown when it is sent; one that is proven later is for what comes
    /// later, and a REQ after the AUTH gets what is stored of what came before.
    boolean maySee(Event event) {
        return joining.visibility().shows(event, joining.viewers().get());
    }

    private boolean isToGet(Event event, BiPredicate<Filter, Event> matches) {
        return !event.isExpired(Math.floorDiv(joining.clock().millis(), 1_000L))
                && maySee(event)
                && anyMatches(event, matches);
    }

    /// Not as a stream, which costs more than the matching; this is done for each delivery.
    private boolean anyMatches(Event event, BiPredicate<Filter, Event> matches) {
        for (Filter filter : filters) {
            if (matches.test(filter, event)) {
                return true;
            }
        }
        return false;
    }
}
