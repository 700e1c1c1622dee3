package dev.rookery.order;

/// A place in the one order of decisions: the epoch first, then the number given within it.
///
/// `seq` has no gaps within an epoch. An epoch grows when a database has gone back to an earlier state, so that a
/// number given out twice is never mistaken for the same decision.
public record Position(long epoch, long seq) implements Comparable<Position> {

    /// Before every decision; on a delivered event: none, because ephemeral events have no place in the order.
    public static final Position NONE = new Position(0, 0);

    public Position {
        if (epoch < 0 || seq < 0) {
            throw new IllegalArgumentException("negative position " + epoch + "/" + seq);
        }
    }

    public boolean isAfter(Position other) {
        return compareTo(other) > 0;
    }

    public Position max(Position other) {
        return isAfter(other) ? this : other;
    }

    @Override
    public int compareTo(Position other) {
        int byEpoch = Long.compare(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compare(seq, other.seq);
    }

    @Override
    public String toString() {
        return epoch + "/" + seq;
    }
}
