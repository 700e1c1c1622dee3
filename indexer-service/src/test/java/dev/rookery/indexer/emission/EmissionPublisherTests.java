package dev.rookery.indexer.emission;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.kafka.LateProducer;
import dev.rookery.order.Position;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Origin;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;

@Timeout(60)
class EmissionPublisherTests {

    private final CountDownLatch open = new CountDownLatch(1);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final EmissionProperties properties = new EmissionProperties(
            64, DataSize.ofBytes(1_000), 2000, Duration.ofMinutes(1), Duration.ofMillis(50), Duration.ofMillis(250));

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                @Override
                public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
                    try {
                        open.await();
                    } catch (InterruptedException stop) {
                        throw new IllegalStateException(stop);
                    }
                    return super.send(record, callback);
                }
            };

    /// Nothing of the database is asked for here.
    private final Store nowhere = new Store(new TestPostgres("none", "jdbc:postgresql://127.0.0.1:1/none", "", "", ""));

    private final EmissionPublisher publisher = new EmissionPublisher(
            new LateProducer(() -> producer),
            new LogRecords(new Topics(""), new Seal(RunningIndexer.SECRET)),
            new Outbox(nowhere.server().session("none"), properties, meters),
            properties,
            meters);

    /// The broker takes nothing for a while: what waits for it is bounded in bytes, and the rest is left in the outbox.
    @Test
    void keepsAFewBytesWaitingAndLeavesTheRest() {
        assertThat(publisher.hasRoom()).isTrue();
        for (int row = 0; row < 5; row++) {
            publisher.emit(emission(row, 300));
        }
        assertThat(meters.counter("rookery.indexer.emissions.left").count()).isEqualTo(2);
        assertThat(waiting()).isEqualTo(900);
        assertThat(publisher.hasRoom()).isFalse();
        open.countDown();
        eventually("sent", () -> producer.history().size() == 3 && waiting() == 0);
        assertThat(publisher.hasRoom()).isTrue();
        publisher.emit(emission(5, 5_000));
        eventually("one alone may be larger", () -> producer.history().size() == 4 && waiting() == 0);
        assertThat(meters.counter("rookery.indexer.emissions.left").count()).isEqualTo(2);
    }

    private double waiting() {
        return meters.get("rookery.indexer.emissions.waiting.bytes").gauge().value();
    }

    private static Emission emission(int row, int bytes) {
        Position position = new Position(1, row + 1);
        return new Emission(row, List.of(new BroadcastRecord(position, Origin.CLIENT, List.of(), 1, new byte[bytes])));
    }
}
