package dev.rookery.indexer.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.indexer.batch.Candidate;
import dev.rookery.indexer.kafka.LateProducer;
import dev.rookery.indexer.outage.StoppedException;
import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts records that can never be decided where the replay command finds them: the same partition of the topic's
/// dead letters, as they were, with the reason in the header `reason`. What is too large for that is put there without
/// its value, because nothing may hold up the lane.
public final class DeadLetterPublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterPublisher.class);

    private static final String REASON = "reason";
    /// Of a letter without its value: headers that are larger, and those beyond the first few, are left out too.
    private static final int SMALL = 1_024;
    private static final int FEW = 50;

    private final LateProducer producer;
    private final Counter dead;

    public DeadLetterPublisher(LateProducer producer, MeterRegistry meters) {
        this.producer = producer;
        dead = meters.counter("rookery.indexer.deadletters");
    }

    /// Returns once the broker has all of them. After a failure some may be there twice.
    ///
    /// @throws StoreUnavailableException when Kafka does not take them
    public void publish(List<Candidate.Poisoned> poisoned) {
        List<Sent> sent = poisoned.stream()
                .map(each -> new Sent(each, send(letter(each))))
                .toList();
        for (Sent each : sent) {
            if (!isTaken(each.answer()) && !isTaken(send(withoutValue(each.poisoned())))) {
                throw new IllegalStateException("the topic of the dead letters takes next to nothing");
            }
            tell(each.poisoned());
        }
    }

    private record Sent(Candidate.Poisoned poisoned, Future<?> answer) {}

    private void tell(Candidate.Poisoned poisoned) {
        ConsumerRecord<?, ?> record = poisoned.record();
        dead.increment();
        LOG.warn(
                "{}-{} at {} is now a dead letter: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                poisoned.reason());
    }

    private Future<?> send(ProducerRecord<byte[], byte[]> letter) {
        try {
            return producer.get().send(letter);
        } catch (KafkaException failure) {
            throw new StoreUnavailableException("Kafka", failure);
        }
    }

    private static ProducerRecord<byte[], byte[]> letter(Candidate.Poisoned poisoned) {
        ConsumerRecord<byte[], byte[]> record = poisoned.record();
        var letter = new ProducerRecord<>(
                Topics.deadLetters(record.topic()), record.partition(), record.key(), record.value(), record.headers());
        letter.headers().add(REASON, poisoned.reason().getBytes(UTF_8));
        return letter;
    }

    /// What fits whatever the record holds. Its place in the log tells where the rest is, for as long as that is kept.
    private static ProducerRecord<byte[], byte[]> withoutValue(Candidate.Poisoned poisoned) {
        ConsumerRecord<byte[], byte[]> record = poisoned.record();
        var letter = new ProducerRecord<byte[], byte[]>(
                Topics.deadLetters(record.topic()), record.partition(), null, null, List.of());
        StreamSupport.stream(record.headers().spliterator(), false)
                .filter(header -> header.key().length() <= SMALL && header.value() != null)
                .filter(header ->
                        header.value().length <= SMALL && !header.key().equals(REASON))
                .limit(FEW)
                .forEach(letter.headers()::add);
        String reason = "%s; offset %d, too large to be kept".formatted(poisoned.reason(), record.offset());
        letter.headers().add(REASON, reason.getBytes(UTF_8));
        return letter;
    }

    /// Waits for the broker. False when the letter is larger than it takes.
    private static boolean isTaken(Future<?> sent) {
        try {
            sent.get();
            return true;
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RecordTooLargeException) {
                return false;
            }
            throw new StoreUnavailableException("Kafka", failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}
