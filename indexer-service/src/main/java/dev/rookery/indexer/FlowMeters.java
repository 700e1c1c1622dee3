package dev.rookery.indexer;

import dev.rookery.indexer.decision.Decided;
import dev.rookery.indexer.decision.Judged;
import dev.rookery.order.Decision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/// What an operator sees of the flow. Records decided = the sum of all decisions; those accepted are the numbers
/// given out.
final class FlowMeters {

    private final Timer prepare;
    private final Timer decide;
    private final DistributionSummary batchSize;
    private final Counter paused;
    private final Counter overtaken;
    private final Counter halved;
    private final Map<Decision, Counter> decisions = new EnumMap<>(Decision.class);

    FlowMeters(MeterRegistry registry) {
        prepare = registry.timer("rookery.indexer.prepare");
        decide = registry.timer("rookery.indexer.decide");
        batchSize = registry.summary("rookery.indexer.batch.size");
        paused = registry.counter("rookery.indexer.paused");
        halved = registry.counter("rookery.indexer.batches.halved");
        overtaken = registry.counter("rookery.indexer.overtaken");
        for (Decision decision : Decision.values()) {
            String name = decision.name().toLowerCase(Locale.ROOT);
            decisions.put(decision, registry.counter("rookery.indexer.decisions", "decision", name));
        }
    }

    <T> T prepare(Supplier<T> work) {
        return prepare.record(work);
    }

    <T> T decide(Supplier<T> work) {
        return decide.record(work);
    }

    /// Nothing more is decided until more is emitted.
    void paused() {
        paused.increment();
    }

    /// A turn took so long that its batch is decided in two.
    void halved() {
        halved.increment();
    }

    void overtaken() {
        overtaken.increment();
    }

    void decided(Decided decided) {
        batchSize.record(decided.events().size() + (double) decided.failed().size());
        for (Judged judged : decided.events()) {
            count(judged.decision(), 1);
        }
        count(Decision.FAILED, decided.failed().size());
    }

    private void count(Decision decision, int events) {
        Objects.requireNonNull(decisions.get(decision)).increment(events);
    }
}
