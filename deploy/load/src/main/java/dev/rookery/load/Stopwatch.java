package dev.rookery.load;

import java.util.List;
import java.util.OptionalDouble;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Time, latencies and processor time of one run.
final class Stopwatch {

    private static final long LONGEST_MICROS = 120_000_000;

    private final Histogram latency = new ConcurrentHistogram(LONGEST_MICROS, 3);
    private final Target target;
    private final double cpuBefore;
    private final long begun = System.nanoTime();

    private Stopwatch(Target target) {
        this.target = target;
        this.cpuBefore = target.cpuSeconds();
    }

    static Stopwatch of(Target target) {
        return new Stopwatch(target);
    }

    /// One of what is counted has taken the time since then. From any thread.
    void took(long sinceNanos) {
        latency.recordValue(Math.clamp((System.nanoTime() - sinceNanos) / 1_000, 0, LONGEST_MICROS));
    }

    long count() {
        return latency.getTotalCount();
    }

    Measure end(String scenario, String what, List<String> problems) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        double cpu = target.cpuSeconds() - cpuBefore;
        return new Measure(
                scenario,
                target.name(),
                what,
                count(),
                seconds,
                latency,
                Double.isNaN(cpu) ? OptionalDouble.empty() : OptionalDouble.of(cpu),
                OptionalDouble.empty(),
                problems);
    }
}
