package dev.rookery.gateway.position;

import dev.rookery.order.Position;

/// The highest position that this gateway has told anyone of by an OK, and the highest epoch that it has heard of by
/// any way. Whatever it asks for afterwards must come from a snapshot at or after it, so that nobody is shown less
/// than they have been told, and what is said of an older epoch is not believed any more.
/// Thread-safe; never falls.
public final class Reached {

    private volatile Position highest = Position.NONE;

    public Position get() {
        return highest;
    }

    /// To be called before the answer that tells of the position is written.
    public void raise(Position position) {
        if (position.isAfter(highest)) {
            synchronized (this) {
                highest = highest.max(position);
            }
        }
    }

    /// Whether the position is of an epoch that is over.
    public boolean hasLeft(Position position) {
        return position.epoch() < highest.epoch();
    }
}
