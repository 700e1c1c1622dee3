package dev.rookery.benchmarks.load;

import java.util.Arrays;

/// Times taken, in nanoseconds; thread-safe.
final class Latencies {

    private long[] nanos = new long[1024];
    private int count;

    synchronized void add(long elapsedNanos) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = elapsedNanos;
    }

    synchronized int count() {
        return count;
    }

    /// In milliseconds; NaN when nothing was measured.
    synchronized double percentile(double percent) {
        if (count == 0) {
            return Double.NaN;
        }
        Arrays.sort(nanos, 0, count);
        return nanos[(int) Math.min(count - 1, Math.floor(count * percent / 100))] / 1e6;
    }
}
