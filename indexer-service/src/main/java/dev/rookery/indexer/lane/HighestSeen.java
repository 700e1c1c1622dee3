package dev.rookery.indexer.lane;

import dev.rookery.order.Position;

/// The highest position that this indexer has seen, in the log or from the database. A database that stands before
/// it has gone back. Safe between threads.
public final class HighestSeen {

    private volatile Position position = Position.NONE;

    public Position position() {
        return position;
    }

    public synchronized void saw(Position seen) {
        position = position.max(seen);
    }
}
