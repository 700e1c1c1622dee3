package dev.rookery.benchmarks;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/// Reading real events of 950 bytes on average.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class EventBenchmark {

    @Benchmark
    public Event parse(EventRing ring) {
        return EventRing.parse(ring.nextJson());
    }

    @Benchmark
    public boolean id(EventRing ring) {
        return ring.nextEvent().hasValidId();
    }

    @Benchmark
    public boolean parseAndId(EventRing ring) {
        return EventRing.parse(ring.nextJson()).hasValidId();
    }

    @Benchmark
    public List<Tag> parseAndTags(EventRing ring) {
        return EventRing.parse(ring.nextJson()).tags();
    }
}
