package dev.rookery.gateway.publish;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Where events are logged before they are decided. Thread-safe; `append` may block for a moment and so is not for
/// event loops.
///
/// An append that fails may have been written all the same: it is answered `error:`, and its verdict is ignored.
/// While appends fail, only a few at a time are tried, so that all others are answered at once and not after the
/// timeout. Before it is opened, nothing is tried.
public final class EventLog implements AutoCloseable {

    private static final int TRIALS_WHILE_FAILING = 16;
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final AtomicInteger outstanding = new AtomicInteger();
    /// None before it is opened.
    private volatile @Nullable Producer<byte[], byte[]> producer;
    private volatile boolean failing;

    /// Hears of one append, on any thread.
    interface Appended {

        /// @param place null when it failed
        void done(@Nullable RecordMetadata place);
    }

    /// The topics are there and are as they have to be: with other numbers of partitions nothing may be written.
    ///
    /// @param open closed with the log
    public void open(Producer<byte[], byte[]> open) {
        producer = open;
    }

    public boolean isOpen() {
        return producer != null;
    }

    void append(ProducerRecord<byte[], byte[]> record, Appended appended) {
        Producer<byte[], byte[]> open = producer;
        if (open == null || (failing && outstanding.get() >= TRIALS_WHILE_FAILING)) {
            appended.done(null);
            return;
        }
        outstanding.incrementAndGet();
        try {
            var _ = open.send(record, (place, failure) -> finish(appended, failure == null ? place : null));
        } catch (KafkaException | IllegalStateException refused) {
            finish(appended, null);
        }
    }

    /// Appends that the broker has not answered yet.
    int outstanding() {
        return outstanding.get();
    }

    boolean isFailing() {
        return failing || !isOpen();
    }

    private void finish(Appended appended, @Nullable RecordMetadata place) {
        outstanding.decrementAndGet();
        failing = place == null;
        appended.done(place);
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> open = producer;
        if (open != null) {
            open.close(FAREWELL);
        }
    }
}
