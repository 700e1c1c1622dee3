package dev.rookery.indexer.kafka;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/// A producer that is made when it is first needed, which is after the brokers have let this service in: it asks for
/// its number at once, and one that is refused that sends nothing ever after. Thread-safe.
public final class LateProducer {

    private final Supplier<Producer<byte[], byte[]>> maker;
    private @Nullable Producer<byte[], byte[]> made;

    public LateProducer(Supplier<Producer<byte[], byte[]>> maker) {
        this.maker = maker;
    }

    /// @throws org.apache.kafka.common.KafkaException when it cannot be made
    public synchronized Producer<byte[], byte[]> get() {
        Producer<byte[], byte[]> producer = made;
        if (producer == null) {
            producer = maker.get();
            made = producer;
        }
        return producer;
    }

    public synchronized void close(Duration within) {
        Producer<byte[], byte[]> producer = made;
        if (producer != null) {
            producer.close(within);
        }
    }
}
