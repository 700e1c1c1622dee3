package dev.rookery.indexer;

import dev.rookery.indexer.lane.LanePlacement;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.BatchAcknowledgingConsumerAwareMessageListener;
import org.springframework.kafka.support.Acknowledgment;

/// The way of an event of `nostr.bulk`: that of any other, as long as the gate is open.
///
/// What the consumer has in hand is decided, and it takes little in hand. While the gate is closed its lanes are
/// paused, so that it stays a member of its group and fetches nothing; what it was handed last is read again.
final class BulkListener implements BatchAcknowledgingConsumerAwareMessageListener<byte[], byte[]>, LaneListener {

    private final IndexListener listener;
    private final LanePlacement placement;
    private final BulkGate gate;
    private final Counter paused;

    BulkListener(IndexListener listener, LanePlacement placement, BulkGate gate, MeterRegistry meters) {
        this.listener = listener;
        this.placement = placement;
        this.gate = gate;
        paused = meters.counter("rookery.indexer.bulk.paused");
    }

    @Override
    public void onMessage(
            List<ConsumerRecord<byte[], byte[]>> records,
            @Nullable Acknowledgment ignored,
            @Nullable Consumer<?, ?> thisThreads) {
        Consumer<?, ?> consumer = Objects.requireNonNull(thisThreads);
        if (gate.isOpen(consumer)) {
            listener.onMessage(records, ignored, consumer);
        } else {
            paused.increment();
            consumer.pause(consumer.assignment());
            placement.rewind(consumer);
        }
    }

    @Override
    public void onIdle(Consumer<?, ?> consumer) {
        listener.onIdle(consumer);
        if (!consumer.paused().isEmpty() && gate.isOpen(consumer)) {
            consumer.resume(consumer.paused());
        }
    }
}
