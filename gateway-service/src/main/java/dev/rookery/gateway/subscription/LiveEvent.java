package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.order.Position;
import java.util.concurrent.atomic.AtomicInteger;

/// An event as it is told live: decoded, for whoever sends it at once, and what is left of it where it has to wait.
record LiveEvent(Event event, Kept kept) {

    /// @param position `Position.NONE` for an ephemeral event
    LiveEvent(Position position, Event event) {
        this(event, new Kept(position, event.json(), new AtomicInteger()));
    }

    Position position() {
        return kept.position();
    }

    /// Its JSON alone, once in memory for all who keep it: decoded, tags may take sixteen times as much.
    ///
    /// @param keepers how many subscriptions keep it, of whatever connection
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
    record Kept(Position position, byte[] json, AtomicInteger keepers) {}
}
