package dev.rookery.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterIndex;
import dev.rookery.filter.FilterReader;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.scenario.ScenarioFilter;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// Matching real events against subscriptions that none of them matches: timelines of 100 strangers, mentions,
/// threads.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
@State(Scope.Thread)
public class FilterIndexBenchmark {

    @Param({"1", "100", "10000"})
    private int subscriptions;

    private final FilterIndex<Integer> index = new FilterIndex<>();
    private final Random random = new Random(1);

    @Setup
    public void fill() {
        for (int i = 0; i < subscriptions; i++) {
            index.add(i, List.of(timeline(), tagged("p"), tagged("e")));
        }
    }

    @Benchmark
    public void match(EventRing ring, Blackhole found) {
        index.match(ring.nextEvent(), found::consume);
    }

    private Filter timeline() {
        List<String> authors = Stream.generate(this::hex).limit(100).toList();
        return filter(authors, Map.of());
    }

    private Filter tagged(String name) {
        return filter(null, Map.of(name, List.of(hex())));
    }

    private Filter filter(@Nullable List<String> authors, Map<String, List<String>> tags) {
        OptionalLong none = OptionalLong.empty();
        ScenarioFilter filter = new ScenarioFilter(null, authors, List.of(1, 6), tags, none, none, none);
        try {
            return FilterReader.readAll(("[" + filter.json() + "]").getBytes(UTF_8))
                    .getFirst();
        } catch (MalformedMessageException e) {
            throw new IllegalStateException(e);
        }
    }

    private String hex() {
        return "%016x".formatted(random.nextLong()).repeat(4);
    }
}
