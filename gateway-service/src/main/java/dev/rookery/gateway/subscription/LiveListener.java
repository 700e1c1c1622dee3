package dev.rookery.gateway.subscription;

import dev.rookery.filter.Filter;
import dev.rookery.order.Position;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;

/// What hears live events. The methods are called on its executor, in the order in which the feed calls them.
interface LiveListener {

    EventExecutor executor();

    List<Filter> filters();

    /// From now on every matching event after `covered` is told. Events up to `covered` must come from the store.
    void registered(Position covered);

    void live(LiveEvent event);

    /// It has thrown, and may have missed an event.
    void broken();

    /// Live events can no longer be told without a gap.
    void ended(String reason);
}
