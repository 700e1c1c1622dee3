package dev.rookery.faults;

import dev.rookery.faults.cluster.Cluster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// A topic of the suite, as it is at the broker itself.
record Topic(String name, String bootstrapServers) {

    private static final int BOUND_SECONDS = 60;

    static Topic of(Cluster cluster, String name) throws IOException {
        return new Topic(name, cluster.bootstrapServers());
    }

    /// Lets the broker refuse whatever is written, until [#open]: no record is as small as it wants.
    ///
    /// `min.insync.replicas` does not do it: the broker lowers it to the number of replicas.
    void close() throws Exception {
        configure(new AlterConfigOp(
                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1"), AlterConfigOp.OpType.SET));
    }

    void open() throws Exception {
        configure(new AlterConfigOp(
                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(8 << 20)),
                AlterConfigOp.OpType.SET));
    }

    /// How many records were ever written to it.
    long written() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            return consumer.endOffsets(partitions(consumer)).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    /// The highest number in the one order of what it holds, of the latest epoch; 0 for none.
    long last() {
        SortedSet<Long> positions = positions();
        return positions.isEmpty() ? 0 : positions.last();
    }

    /// Whether it holds something behind that number, and leaves out none up to the last.
    boolean isWithoutGapBehind(long number) {
        SortedSet<Long> later = positions().tailSet(number + 1);
        return !later.isEmpty() && later.size() == later.last() - number;
    }

    private SortedSet<Long> positions() {
        SortedSet<Long> positions = new TreeSet<>();
        long latest = 0;
        for (ConsumerRecord<byte[], byte[]> record : records()) {
            Header epoch = record.headers().lastHeader("epoch");
            if (epoch != null && number(epoch) > latest) {
                latest = number(epoch);
                positions.clear();
            }
            if (epoch != null && number(epoch) == latest) {
                positions.add(number(record.headers().lastHeader("seq")));
            }
        }
        return positions;
    }

    private List<ConsumerRecord<byte[], byte[]>> records() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private static long number(Header header) {
        return ByteBuffer.wrap(header.value()).getLong();
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        return consumer.partitionsFor(name).stream()
                .map(partition -> new TopicPartition(name, partition.partition()))
                .toList();
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private void configure(AlterConfigOp change) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get(BOUND_SECONDS, TimeUnit.SECONDS);
        }
    }
}
