package dev.rookery.indexer.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.indexer.batch.Candidate;
import dev.rookery.indexer.kafka.LateProducer;
import dev.rookery.indexer.outage.StoreUnavailableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DeadLetterPublisherTests {

    private static final int LIMIT = 10_000;

    private final Broker broker = new Broker();
    private final DeadLetterPublisher publisher =
            new DeadLetterPublisher(new LateProducer(() -> broker), new SimpleMeterRegistry());

    @Test
    void keepsARecordAsItWas() {
        publisher.publish(List.of(poisoned(record(new byte[100]))));
        ProducerRecord<byte[], byte[]> letter = broker.history().getFirst();
        assertThat(letter.topic()).isEqualTo("nostr.index.dlt");
        assertThat(letter.partition()).isEqualTo(7);
        assertThat(letter.key()).isEqualTo(new byte[] {1});
        assertThat(letter.value()).hasSize(100);
        assertThat(header(letter, "gateway")).isEqualTo("g");
        assertThat(header(letter, "reason")).isEqualTo("why");
    }

    /// A record can be larger when it is written than when it was read: others may compress theirs.
    @Test
    void putsAsideWithoutItsValueWhatIsTooLarge() {
        ConsumerRecord<byte[], byte[]> large = record(new byte[LIMIT + 1]);
        large.headers().add("huge", new byte[LIMIT + 1]).add("nothing", null);
        publisher.publish(List.of(poisoned(large), poisoned(record(new byte[1]))));
        assertThat(broker.history()).hasSize(2);
        ProducerRecord<byte[], byte[]> letter = broker.history().getLast();
        assertThat(letter.topic()).isEqualTo("nostr.index.dlt");
        assertThat(letter.partition()).isEqualTo(7);
        assertThat(letter.value()).isNull();
        assertThat(header(letter, "gateway")).isEqualTo("g");
        assertThat(header(letter, "reason")).isEqualTo("why; offset 42, too large to be kept");
        assertThat(letter.headers().toArray()).hasSize(2);
    }

    @Test
    void waitsForABrokerThatTakesNothingNow() {
        broker.outage = new TimeoutException("out");
        assertThatThrownBy(() -> publisher.publish(List.of(poisoned(record(new byte[1])))))
                .isInstanceOf(StoreUnavailableException.class);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value) {
        var record = new ConsumerRecord<>("nostr.index", 7, 42, new byte[] {1}, value);
        record.headers().add("gateway", "g".getBytes(UTF_8));
        return record;
    }

    private static Candidate.Poisoned poisoned(ConsumerRecord<byte[], byte[]> record) {
        return new Candidate.Poisoned(record, "g", Optional.empty(), "why");
    }

    private static String header(ProducerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), UTF_8);
    }

    /// Refuses what is too large as Kafka does: by the answer, not by an exception.
    private static final class Broker extends MockProducer<byte[], byte[]> {

        private @Nullable KafkaException outage;

        Broker() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            KafkaException failure = outage;
            if (failure == null && size(record) > LIMIT) {
                failure = new RecordTooLargeException();
            }
            return failure == null ? super.send(record) : CompletableFuture.failedFuture(failure);
        }

        private static int size(ProducerRecord<byte[], byte[]> record) {
            int size = record.value() == null ? 0 : record.value().length;
            for (Header header : record.headers()) {
                size += header.value() == null ? 0 : header.value().length;
            }
            return size;
        }
    }
}
