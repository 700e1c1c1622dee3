package dev.rookery.indexer.emission;

import dev.rookery.indexer.decision.Decided;
import dev.rookery.indexer.decision.Judged;
import dev.rookery.indexer.kafka.LateProducer;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.LogRecords;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Sends accepted events to `nostr.broadcast`, on a thread of its own: those of one batch in the order of their
/// positions, and batches as they are handed in. Whoever decides is not held up.
///
/// What cannot be sent is not tried again here: its row stays in the outbox unacknowledged and is found as a
/// leftover, once it is no longer in hand.
public final class EmissionPublisher implements AutoCloseable {

    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final LateProducer producer;
    private final LogRecords log;
    private final Outbox outbox;
    private final ThreadPoolExecutor sender;
    private final long maxWaitingBytes;
    private final AtomicLong waitingBytes;
    private final Timer timer;
    private final Counter emitted;
    private final Counter left;
    private final AtomicLong lastEmitted;
    private final Set<Long> inHand = ConcurrentHashMap.newKeySet();

    EmissionPublisher(
            LateProducer producer, LogRecords log, Outbox outbox, EmissionProperties properties, MeterRegistry meters) {
        this.producer = producer;
        this.log = log;
        this.outbox = outbox;
        sender = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(properties.maxWaiting()),
                Thread.ofPlatform().name("emission").factory());
        maxWaitingBytes = properties.maxWaitingSize().toBytes();
        waitingBytes = meters.gauge("rookery.indexer.emissions.waiting.bytes", new AtomicLong());
        timer = meters.timer("rookery.indexer.emit");
        emitted = meters.counter("rookery.indexer.emitted");
        left = meters.counter("rookery.indexer.emissions.left");
        lastEmitted = meters.gauge("rookery.indexer.seq.emitted", new AtomicLong());
    }

    /// Whether enough of the waiting line is left that what is not urgent may join it.
    public boolean hasRoom() {
        return sender.getQueue().remainingCapacity() >= sender.getQueue().size()
                && waitingBytes.get() <= maxWaitingBytes / 2;
    }

    /// The rows of the outbox that wait to be sent, or of which it is not known yet whether the broker has them. To
    /// send them again would only make them, and all that wait behind them, later.
    Set<Long> inHand() {
        return Set.copyOf(inHand);
    }

    public void emit(Decided decided) {
        List<BroadcastRecord> records =
                decided.accepted().stream().map(EmissionPublisher::record).toList();
        if (!records.isEmpty()) {
            outbox.added();
            emit(new Emission(decided.outboxRow(), records));
        }
    }

    void emit(Emission emission) {
        long bytes = emission.bytes();
        long before = waitingBytes.getAndAdd(bytes);
        inHand.add(emission.outboxRow());
        try {
            if (before > 0 && before + bytes > maxWaitingBytes) {
                throw new RejectedExecutionException("too many bytes wait");
            }
            sender.execute(() -> sendAndForget(emission, bytes));
        } catch (RejectedExecutionException tooMany) {
            waitingBytes.addAndGet(-bytes);
            inHand.remove(emission.outboxRow());
            left.increment();
        }
    }

    /// What the producer has taken over is bounded by its own memory.
    private void sendAndForget(Emission emission, long bytes) {
        boolean handedOver = false;
        try {
            send(emission);
            handedOver = true;
        } finally {
            waitingBytes.addAndGet(-bytes);
            if (!handedOver) {
                inHand.remove(emission.outboxRow());
            }
        }
    }

    private static BroadcastRecord record(Judged accepted) {
        var candidate = accepted.candidate();
        var event = candidate.event();
        return new BroadcastRecord(
                accepted.position(), candidate.origin(), accepted.effects(), event.kind(), event.json());
    }

    private void send(Emission emission) {
        Sending sending = new Sending(emission);
        for (BroadcastRecord record : emission.records()) {
            if (sending.failed) {
                return;
            }
            try {
                var _ = producer.get().send(log.toBroadcast(record), sending::completed);
            } catch (KafkaException | IllegalStateException failure) {
                sending.completed(null, failure);
            }
        }
    }

    /// Sends what waits, and waits until the broker has it, within bounds.
    @Override
    public void close() throws InterruptedException {
        sender.shutdown();
        if (!sender.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
            sender.shutdownNow();
        }
        producer.close(FAREWELL);
        outbox.writeAcknowledgements();
    }

    /// One emission under way. Keeps none of its events: the producer has them.
    private final class Sending {

        private final long outboxRow;
        private final long epoch;
        private final long lastSeq;
        private final int count;
        private final AtomicInteger remaining;
        private final long begun = System.nanoTime();
        private volatile boolean failed;

        Sending(Emission emission) {
            this.outboxRow = emission.outboxRow();
            this.epoch = emission.epoch();
            this.lastSeq = emission.lastSeq();
            this.count = emission.records().size();
            this.remaining = new AtomicInteger(count);
        }

        void completed(@Nullable RecordMetadata ignored, @Nullable Exception failure) {
            if (failure != null && !failed) {
                failed = true;
                left.increment();
                inHand.remove(outboxRow);
            }
            if (remaining.decrementAndGet() == 0 && !failed) {
                timer.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
                emitted.increment(count);
                lastEmitted.accumulateAndGet(lastSeq, Math::max);
                outbox.acknowledge(epoch, outboxRow);
                inHand.remove(outboxRow);
            }
        }
    }
}
