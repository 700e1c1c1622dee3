package dev.rookery.order;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What turns records that arrive in any order, late, twice or never into the one order: each position of an epoch is
/// applied once, by rising `seq`, without a gap.
///
/// Records at or below the last position are dropped, later ones held back until what lies between has come. What
/// stays missing is asked for as one range, whose answer stands for every position in it: a position that the answer
/// does not name and that is not held back is gone. A higher epoch ends the feed until it is started at a position
/// of it.
///
/// Pure logic for one thread, without a clock: times are those of `System.nanoTime()`. It asks, the caller fetches.
public final class OrderedFeed<T> {

    private final Bounds bounds;
    private final Applied<T> applied;
    private final HeldBack<T> held;
    private Horizon horizon;
    private Position last = Position.NONE;
    private long epoch;
    private boolean started;
    private boolean overflowed;
    private boolean impatient;
    private @Nullable Missing asking;
    private boolean resting;
    private long restedAtNanos;

    /// Called with each position in its turn. Must not call the feed.
    @FunctionalInterface
    public interface Applied<T> {
        void apply(Position at, T item);
    }

    /// @param patience how long a gap is left to close by itself
    /// @param held how many records are held back; beyond it the highest are let go, to be asked for later
    /// @param heldBytes how much those may take; beyond it likewise, but never the last one
    public record Bounds(Duration patience, int held, long heldBytes) {

        public static final Bounds USUAL = new Bounds(Duration.ofMillis(500), 2_000);

        public Bounds {
            if (patience.isNegative() || held < 1 || heldBytes < 1) {
                throw new IllegalArgumentException("a feed cannot hold back " + held + " for " + patience);
            }
        }

        /// Bounded in number alone, for records that are small.
        public Bounds(Duration patience, int held) {
            this(patience, held, Long.MAX_VALUE);
        }
    }

    /// Positions that are to be fetched: those of one epoch in `(after, upTo]`.
    public record Missing(long epoch, long after, long upTo) {}

    /// A fetched record.
    public record Placed<T>(long seq, T item) {}

    public enum Outcome {
        APPLIED,
        /// Seen before, or of an epoch that is over.
        DROPPED,
        HELD,
        /// The first sign of a higher epoch: the feed stands still until it is started again.
        ENDED
    }

    /// What the database's position says of the order that is followed.
    public enum Course {
        GOES_ON,
        /// The first sign of a higher epoch: the feed stands still until it is started again.
        ENDED,
        /// What has been applied is in the database no more: the feed stands still until it is started again.
        WENT_BACK
    }

    public OrderedFeed(Bounds bounds, Applied<T> applied) {
        this(bounds, item -> 0, applied);
    }

    /// @param size what a record takes, in bytes
    public OrderedFeed(Bounds bounds, ToLongFunction<T> size, Applied<T> applied) {
        this.bounds = bounds;
        this.held = new HeldBack<>(size);
        this.applied = applied;
        horizon = new Horizon(bounds.patience().toNanos());
    }

    /// Begins, or begins again, after a position that has been read from the primary. What has been held back since
    /// the epoch began, and comes after it, is kept.
    ///
    /// @return whether it did; not when the position is of an older epoch than what has been seen, or before what
    ///     has been applied, because the numbers between may be given out again
    public boolean start(Position at) {
        if (at.epoch() < epoch || last.isAfter(at)) {
            return false;
        }
        enter(at.epoch());
        last = at;
        started = true;
        asking = null;
        held.removeUpTo(at.seq());
        drain();
        return true;
    }

    /// Stands still until it is started, and forgets what it holds back.
    public void stop() {
        started = false;
        asking = null;
        clear();
    }

    public Outcome offer(Position at, T item, long nowNanos) {
        if (at.epoch() > epoch) {
            return enter(at.epoch()) ? ended(at, item, nowNanos) : hold(at, item, nowNanos);
        }
        if (at.epoch() < epoch || (started && at.seq() <= last.seq())) {
            return Outcome.DROPPED;
        }
        if (started && at.seq() == last.seq() + 1) {
            impatient = false;
            apply(at.seq(), item);
            drain();
            return Outcome.APPLIED;
        }
        return hold(at, item, nowNanos);
    }

    /// What the database has committed, which shows a missing tail.
    ///
    /// @param appliedBefore what had been when the database was asked, and therefore been committed
    public Course committed(Position at, Position appliedBefore, long nowNanos) {
        if (at.epoch() > epoch && enter(at.epoch())) {
            return Course.ENDED;
        }
        if (at.epoch() == epoch) {
            if (started && appliedBefore.isAfter(at)) {
                stop();
                return Course.WENT_BACK;
            }
            horizon.raise(at.seq(), nowNanos);
        }
        return Course.GOES_ON;
    }

    /// What is to be fetched now; one range at a time, to be answered with `fill` or `failed`.
    public Optional<Missing> ask(long nowNanos) {
        if (!started || asking != null || (resting && nowNanos - restedAtNanos < 0)) {
            return Optional.empty();
        }
        resting = false;
        long due = impatient ? horizon.highest() : horizon.overdue(nowNanos);
        if (overflowed && due <= last.seq()) {
            due = held.firstOr(due + 1) - 1;
        }
        while (due > last.seq() && held.has(due)) {
            due--;
        }
        if (due <= last.seq()) {
            return Optional.empty();
        }
        asking = new Missing(epoch, last.seq(), due);
        return Optional.of(asking);
    }

    /// Applies what was fetched together with what is held back.
    ///
    /// @param upTo how far the answer reaches, at most the end of the range
    /// @return how many positions are gone, in the store as in the log; 0 for a range that is no longer asked for
    public long fill(Missing range, long upTo, List<Placed<T>> rows) {
        if (!range.equals(asking)) {
            return 0;
        }
        asking = null;
        impatient = true;
        for (Placed<T> row : rows) {
            if (row.seq() > last.seq() && row.seq() <= upTo) {
                held.add(row.seq(), row.item());
            }
        }
        long gone = 0;
        while (last.seq() < upTo) {
            long next = Math.min(held.firstOr(upTo + 1), upTo + 1);
            gone += next - last.seq() - 1;
            last = new Position(epoch, next - 1);
            drain();
        }
        horizon.passed(last.seq());
        return gone;
    }

    /// The range could not be fetched. It is asked for again, but not at once.
    public void failed(Missing range, long nowNanos) {
        if (range.equals(asking)) {
            asking = null;
            resting = true;
            restedAtNanos = nowNanos + bounds.patience().toNanos();
        }
    }

    public boolean isStarted() {
        return started;
    }

    /// The last position applied, all before it having been applied too.
    public Position last() {
        return last;
    }

    /// How many positions are known to come after the last one applied.
    public long behind() {
        return Math.max(0, horizon.highest() - last.seq());
    }

    public int heldBack() {
        return held.count();
    }

    public long heldBackBytes() {
        return held.bytes();
    }

    private Outcome ended(Position at, T item, long nowNanos) {
        hold(at, item, nowNanos);
        return Outcome.ENDED;
    }

    /// @return whether this ends an epoch that was being applied
    private boolean enter(long higher) {
        if (higher == epoch) {
            return false;
        }
        boolean ended = started;
        epoch = higher;
        stop();
        return ended;
    }

    private Outcome hold(Position at, T item, long nowNanos) {
        horizon.raise(at.seq(), nowNanos);
        if (!held.add(at.seq(), item)) {
            return Outcome.DROPPED;
        }
        overflowed |= held.shrink(bounds.held(), bounds.heldBytes());
        return Outcome.HELD;
    }

    private void drain() {
        for (T next = held.take(last.seq() + 1); next != null; next = held.take(last.seq() + 1)) {
            apply(last.seq() + 1, next);
        }
        if (held.hasRoom(bounds.held(), bounds.heldBytes())) {
            overflowed = false;
        }
        horizon.passed(last.seq());
    }

    private void apply(long seq, T item) {
        last = new Position(epoch, seq);
        applied.apply(last, item);
    }

    private void clear() {
        held.clear();
        overflowed = false;
        impatient = false;
        resting = false;
        horizon = new Horizon(bounds.patience().toNanos());
    }
}
