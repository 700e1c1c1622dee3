package dev.rookery.gateway.position;

import dev.rookery.order.Position;

/// The highest position that this gateway has told anyone of, by an OK or by an event. Whatever it asks for
/// afterwards must come from a snapshot at or after it, so that nobody is shown less than they have been told.
/// Thread-safe; never falls.
public final class Reached {

    private volatile Position highest = Position.NONE;

    public Position get() {
        return highest;
    }

    /// To be called before the answer that tells of the position is written.
    public synchronized void raise(Position position) {
        highest = highest.max(position);
    }
}
