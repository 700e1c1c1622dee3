package dev.rookery.broadcast.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.BroadcastTail;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Seal;
import dev.rookery.topics.TopicSetup;
import dev.rookery.topics.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// One tail for several readers of one process.
@Timeout(60)
@ExtendWith(KafkaExtension.class)
class BroadcastTailIT {

    private KafkaProducer<byte[], byte[]> producer;
    private LogRecords records;
    private BroadcastTail tail;

    /// Keeps what it is handed.
    private static class Keeping implements BroadcastTail.Reader {

        final CountDownLatch noted = new CountDownLatch(1);
        final List<String> received = new CopyOnWriteArrayList<>();

        @Override
        public void noted() {
            noted.countDown();
        }

        @Override
        public void received(List<BroadcastRecord> records) throws InterruptedException {
            records.forEach(record -> received.add(new String(record.json(), UTF_8)));
        }
    }

    /// Never comes back from being handed something.
    private static final class Stuck extends Keeping {

        @Override
        public void received(List<BroadcastRecord> records) throws InterruptedException {
            super.received(records);
            new CountDownLatch(1).await();
        }
    }

    private static final class Failing extends Keeping {

        @Override
        public void received(List<BroadcastRecord> records) throws InterruptedException {
            super.received(records);
            if (received.size() == 1) {
                throw new IllegalStateException("as this test wants it");
            }
            throw new AssertionError("as this test wants it");
        }
    }

    @BeforeEach
    void prepare(TestKafka kafka) throws InterruptedException, ExecutionException {
        Topics topics = new Topics(kafka.named("") + System.nanoTime());
        Map<String, Object> brokers = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(brokers)) {
            new TopicSetup(topics, 1).declare(admin);
        }
        Seal seal = new Seal("a secret for this test");
        records = new LogRecords(topics, seal);
        producer = new KafkaProducer<>(brokers, new ByteArraySerializer(), new ByteArraySerializer());
        tail = new BroadcastTail(brokers, topics, seal);
    }

    @AfterEach
    void close() {
        tail.close();
        producer.close();
    }

    @Test
    void handsEachReaderAllThatIsLoggedWhileItIsThere() throws Exception {
        log("before");
        Keeping first = joined(new Keeping());
        log("for the first");
        awaitReceived(first, "for the first");

        Keeping second = joined(new Keeping());
        log("for both");
        awaitReceived(first, "for both");
        awaitReceived(second, "for both");

        tail.leave(first);
        log("for the second");
        awaitReceived(second, "for the second");
        assertThat(first.received).containsExactly("for the first", "for both");
        assertThat(second.received).containsExactly("for both", "for the second");
    }

    @Test
    void goesOnForOthersWhenOneIsStuckAndLeaves() throws Exception {
        Stuck stuck = joined(new Stuck());
        Keeping other = joined(new Keeping());
        log("which one chokes on");
        awaitReceived(stuck, "which one chokes on");

        tail.leave(stuck);
        awaitReceived(other, "which one chokes on");
    }

    @Test
    void keepsAFailureOfOneFromTheOthers() throws Exception {
        Failing failing = joined(new Failing());
        Keeping other = joined(new Keeping());
        for (String json : List.of("one", "two", "three")) {
            log(json);
            awaitReceived(failing, json);
            awaitReceived(other, json);
        }
        assertThat(failing.received).containsExactly("one", "two", "three");
        assertThat(other.received).containsExactly("one", "two", "three");
    }

    @Test
    void endsWithoutEverHavingHadAReader() {
        tail.leave(new Keeping());
        tail.close();
    }

    private <R extends Keeping> R joined(R reader) throws InterruptedException {
        tail.join(reader);
        reader.noted.await();
        return reader;
    }

    private void log(String json) throws ExecutionException, InterruptedException {
        var record = BroadcastRecord.ephemeral(20_000, json.getBytes(UTF_8));
        producer.send(records.toBroadcast(record)).get();
    }

    private static void awaitReceived(Keeping reader, String json) {
        await().untilAsserted(() -> assertThat(reader.received).contains(json));
    }
}
