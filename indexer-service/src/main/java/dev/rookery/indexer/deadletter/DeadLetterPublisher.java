package dev.rookery.indexer.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.indexer.batch.Candidate;
import dev.rookery.indexer.outage.StoppedException;
import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts records that can never be decided where the replay command finds them: the same partition of the topic's
/// dead letters, as they were, with the reason in the header `reason`.
public final class DeadLetterPublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterPublisher.class);

    private final Producer<byte[], byte[]> producer;
    private final Counter dead;

    public DeadLetterPublisher(Producer<byte[], byte[]> producer, MeterRegistry meters) {
        this.producer = producer;
        dead = meters.counter("rookery.indexer.deadletters");
    }

    /// Returns once the broker has all of them. After a failure some may be there twice.
    ///
    /// @throws StoreUnavailableException when Kafka does not take them
    public void publish(List<Candidate.Poisoned> poisoned) {
        List<? extends Future<?>> sent = poisoned.stream().map(this::send).toList();
        sent.forEach(DeadLetterPublisher::await);
        for (Candidate.Poisoned each : poisoned) {
            ConsumerRecord<?, ?> record = each.record();
            dead.increment();
            LOG.warn(
                    "{}-{} at {} is now a dead letter: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    each.reason());
        }
    }

    private Future<?> send(Candidate.Poisoned poisoned) {
        ConsumerRecord<byte[], byte[]> record = poisoned.record();
        var letter = new ProducerRecord<>(
                Topics.deadLetters(record.topic()), record.partition(), record.key(), record.value(), record.headers());
        letter.headers().add("reason", poisoned.reason().getBytes(UTF_8));
        try {
            return producer.send(letter);
        } catch (KafkaException failure) {
            throw new StoreUnavailableException("Kafka", failure);
        }
    }

    private static void await(Future<?> sent) {
        try {
            sent.get();
        } catch (ExecutionException failure) {
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
