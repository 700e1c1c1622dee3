package dev.rookery.gateway;

import dev.rookery.topics.Topics;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A log in memory, which can be told to fail.
final class FakeLog extends MockProducer<byte[], byte[]> {

    final BlockingQueue<ProducerRecord<byte[], byte[]>> records = new LinkedBlockingQueue<>();
    final List<ProducerRecord<byte[], byte[]>> all = new CopyOnWriteArrayList<>();
    volatile boolean down;

    FakeLog() {
        super(cluster(new Topics("")), true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// With all partitions, or every record would be acknowledged as one of the first.
    private static Cluster cluster(Topics topics) {
        List<PartitionInfo> partitions = topics.declarations().stream()
                .flatMap(topic -> IntStream.range(0, topic.partitions())
                        .mapToObj(number -> new PartitionInfo(topic.name(), number, null, null, null)))
                .toList();
        return new Cluster("fake", List.of(), partitions, Set.of(), Set.of());
    }

    @Override
    public synchronized java.util.concurrent.Future<RecordMetadata> send(
            ProducerRecord<byte[], byte[]> record, Callback callback) {
        if (down) {
            callback.onCompletion(null, new TimeoutException("down"));
            return java.util.concurrent.CompletableFuture.failedFuture(new TimeoutException("down"));
        }
        var sent = super.send(record, callback);
        all.add(record);
        records.add(record);
        return sent;
    }

    ProducerRecord<byte[], byte[]> next() throws InterruptedException {
        var record = records.poll(10, TimeUnit.SECONDS);
        if (record == null) {
            throw new AssertionError("nothing was logged");
        }
        return record;
    }
}
