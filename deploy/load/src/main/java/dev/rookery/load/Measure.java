package dev.rookery.load;

import java.util.List;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// What one run of a scenario has shown of a relay.
///
/// @param what       is counted: events, requests, deliveries, connections
/// @param latency    in microseconds, of each of them; null where there is none
/// @param cpuSeconds of the relay's whole process tree, empty where it is not known
/// @param bytes      of the relay's memory for each of what is counted, where that is measured
/// @param problems   what was missing, or came twice; empty when the run was complete
record Measure(
        String scenario,
        String relay,
        String what,
        long count,
        double seconds,
        @Nullable Histogram latency,
        OptionalDouble cpuSeconds,
        OptionalDouble bytes,
        List<String> problems) {

    Measure {
        problems = List.copyOf(problems);
    }

    Measure withBytes(double each) {
        return new Measure(
                scenario, relay, what, count, seconds, latency, cpuSeconds, OptionalDouble.of(each), problems);
    }

    Measure withProblems(List<String> found) {
        return new Measure(scenario, relay, what, count, seconds, latency, cpuSeconds, bytes, found);
    }

    double perSecond() {
        return count / seconds;
    }

    /// Milliseconds below which so many percent are.
    double millis(double percentile) {
        return latency == null ? Double.NaN : latency.getValueAtPercentile(percentile) / 1_000.0;
    }

    /// Milliseconds of processor time for each.
    double cpuMillis() {
        return cpuSeconds.isPresent() && count > 0 ? 1_000 * cpuSeconds.getAsDouble() / count : Double.NaN;
    }

    /// A figure by which relays are compared.
    enum Figure {
        PER_SECOND("/s"),
        P50("p50 ms"),
        P99("p99 ms"),
        CPU("CPU ms each"),
        BYTES("bytes each");

        private final String label;

        Figure(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }

        double of(Measure measure) {
            return switch (this) {
                case PER_SECOND -> measure.perSecond();
                case P50 -> measure.millis(50);
                case P99 -> measure.millis(99);
                case CPU -> measure.cpuMillis();
                case BYTES -> measure.bytes().orElse(Double.NaN);
            };
        }
    }
}
