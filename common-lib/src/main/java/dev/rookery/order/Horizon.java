package dev.rookery.order;

import java.util.ArrayDeque;

/// How far the order is known to reach, and since when: marks of rising `seq` and time, as few as the patience needs.
final class Horizon {

    /// Marks closer together than this part of the patience are one, so what is asked for may be this much too early.
    private static final int GRAINS = 8;

    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private final long patienceNanos;
    private long highest;
    private long overdue;

    Horizon(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /// @param seq that has been given out
    void raise(long seq, long nowNanos) {
        if (seq <= highest) {
            return;
        }
        highest = seq;
        Mark newest = marks.peekLast();
        if (newest != null && nowNanos - newest.sinceNanos < patienceNanos / GRAINS) {
            marks.pollLast();
            marks.addLast(new Mark(seq, newest.sinceNanos));
        } else {
            overdue(nowNanos);
            marks.addLast(new Mark(seq, nowNanos));
        }
    }

    /// Everything up to here has been applied.
    void passed(long seq) {
        highest = Math.max(highest, seq);
        while (!marks.isEmpty() && marks.getFirst().seq <= seq) {
            marks.removeFirst();
        }
    }

    long highest() {
        return highest;
    }

    /// The highest number that has been known for as long as the patience lasts; 0 when there was none.
    long overdue(long nowNanos) {
        while (!marks.isEmpty() && nowNanos - marks.getFirst().sinceNanos >= patienceNanos) {
            overdue = marks.removeFirst().seq;
        }
        return overdue;
    }

    private record Mark(long seq, long sinceNanos) {}
}
