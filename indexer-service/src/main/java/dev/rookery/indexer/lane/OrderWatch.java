package dev.rookery.indexer.lane;

import dev.rookery.order.Position;
import java.util.function.Supplier;

/// Learns several times a second where the database stands, whoever decided, and notices when it stands behind that.
///
/// An indexer that knows what the others gave out cannot give out a number again that it never saw itself: its own next
/// decision would be refused. The housekeeping thread's.
public final class OrderWatch {

    private final HighestSeen highest;
    private final Runnable doubt;

    /// @param doubt told when the database has gone back
    OrderWatch(HighestSeen highest, Runnable doubt) {
        this.highest = highest;
        this.doubt = doubt;
    }

    public void ask(Supplier<Position> database) {
        if (highest.ask(database).hasGoneBack()) {
            doubt.run();
        }
    }
}
