package dev.rookery.indexer.lane;

import dev.rookery.order.Position;

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

    /// What was seen so far: to be looked up before the database is asked, because others go on seeing meanwhile.
    public Position seen() {
        return highest.position();
    }

    /// @param before what was seen before the database was asked
    /// @param committed what it answered
    public void compare(Position before, Position committed) {
        highest.saw(committed);
        if (before.isAfter(committed)) {
            doubt.run();
        }
    }
}
