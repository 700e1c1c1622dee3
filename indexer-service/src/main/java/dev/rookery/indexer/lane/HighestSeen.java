package dev.rookery.indexer.lane;

import dev.rookery.order.Position;
import java.util.function.Supplier;

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

    /// Asks a database where it stands, and sees it. What was seen before is looked up first: others of this indexer
    /// may see more while it is asked, and its answer is not from after that.
    Asked ask(Supplier<Position> database) {
        Position before = position;
        Position standing = database.get();
        saw(standing);
        return new Asked(before, standing);
    }

    /// Where a database said that it stands, and what had been seen before it was asked.
    record Asked(Position before, Position standing) {

        boolean hasGoneBack() {
            return before.isAfter(standing);
        }
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
