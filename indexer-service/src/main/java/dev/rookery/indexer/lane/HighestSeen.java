package dev.rookery.indexer.lane;

import dev.rookery.order.Position;

/// The highest position that this indexer has seen, in the log or from the database. A database that stands before
/// it has gone back. Safe between threads.
public final class HighestSeen {

    private volatile Position position = Position.NONE;
    private volatile boolean logRead;

    public Position position() {
        return position;
    }

    public synchronized void saw(Position seen) {
        position = position.max(seen);
    }

    /// Whether what the log holds is part of it. Before that, what the database says is compared with nothing.
    boolean hasReadLog() {
        return logRead;
    }

    /// @param emitted the highest position that the log holds
    void readLog(Position emitted) {
        saw(emitted);
        logRead = true;
    }
}
