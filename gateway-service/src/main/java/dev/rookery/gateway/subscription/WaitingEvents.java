package dev.rookery.gateway.subscription;

import dev.rookery.gateway.subscription.LiveEvent.Kept;
import java.util.ArrayDeque;
import java.util.Queue;

/// The live events of one subscription that wait for its client, in their order. Each takes room of the connection's
/// until it has left. Confined to the connection's event loop.
final class WaitingEvents {

    private final WaitingRoom room;
    private Queue<Kept> events = new ArrayDeque<>(0);

    WaitingEvents(WaitingRoom room) {
        this.room = room;
    }

    /// False when there is no room for it.
    boolean add(Kept event) {
        return room.take(event) && events.add(event);
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /// Takes the next one out.
    Kept next() {
        Kept next = events.remove();
        room.giveBack(next);
        if (events.isEmpty()) {
            clear();
        }
        return next;
    }

    /// A queue never shrinks by itself.
    void clear() {
        events.forEach(room::giveBack);
        events = new ArrayDeque<>(0);
    }
}
