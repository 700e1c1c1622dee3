package dev.rookery.indexer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.Acknowledgment;

/// The way of an event of `nostr.bulk`: that of any other, as long as the gate is open.
///
/// What the consumer has in hand is decided, and it takes little in hand. While the gate is closed its lanes are
/// paused, so that it stays a member of its group and fetches nothing; what it was handed last is read again.
final class BulkListener implements LaneListener {

    private final LaneListener flow;
    private final java.util.function.Consumer<Consumer<?, ?>> rewind;
    private final Predicate<Consumer<?, ?>> gate;
    private final Counter paused;

    /// @param rewind has the consumer deliver again what nobody has decided
    /// @param gate whether anything may be decided now
    BulkListener(
            LaneListener flow,
            java.util.function.Consumer<Consumer<?, ?>> rewind,
            Predicate<Consumer<?, ?>> gate,
            MeterRegistry meters) {
        this.flow = flow;
        this.rewind = rewind;
        this.gate = gate;
        paused = meters.counter("rookery.indexer.bulk.paused");
    }

    @Override
    public void onMessage(
            List<ConsumerRecord<byte[], byte[]>> records,
            @Nullable Acknowledgment ignored,
            @Nullable Consumer<?, ?> thisThreads) {
        Consumer<?, ?> consumer = Objects.requireNonNull(thisThreads);
        if (gate.test(consumer)) {
            // Lanes that came later are not paused, and may leave no idle moment to those that are.
            consumer.resume(consumer.paused());
            flow.onMessage(records, ignored, consumer);
        } else {
            paused.increment();
            consumer.pause(consumer.assignment());
            rewind.accept(consumer);
        }
    }

    @Override
    public void onIdle(Consumer<?, ?> consumer) {
        flow.onIdle(consumer);
        if (!consumer.paused().isEmpty() && gate.test(consumer)) {
            consumer.resume(consumer.paused());
        }
    }
}
