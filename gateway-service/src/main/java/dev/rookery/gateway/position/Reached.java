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

    /// The store has begun the position's epoch, whoever has said so. Nothing is promised within it yet.
    public void enterEpochOf(Position position) {
        raise(new Position(position.epoch(), 0));
    }

    /// What is said as of a position is not to be believed where its epoch is over: the store has gone back since.
    /// Otherwise the position has been reached.
    ///
    /// @return whether it is to be believed
    public boolean believe(Position position) {
        raise(position);
        return position.epoch() == highest.epoch();
    }
}
