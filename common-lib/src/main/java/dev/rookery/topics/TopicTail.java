package dev.rookery.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads all of a topic from its end on, without a group, on a thread of its own: for those who need the whole view.
///
/// Each record after the noted ends is handed over, in the order of its partition, at least once. Records that the
/// broker has lost or deleted before they were read are passed over: whoever needs to know tells by `seq`.
public final class TopicTail implements AutoCloseable {

    /// What a fetch and its records cost is small beside the delay of a full one.
    private static final Map<String, Object> FIXED = Map.ofEntries(
            Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"),
            Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
            Map.entry(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false),
            Map.entry(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1),
            Map.entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 50),
            Map.entry(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000),
            Map.entry(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, ""),
            Map.entry(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false));

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 500;
    private static final Logger log = LoggerFactory.getLogger(TopicTail.class);

    private final Map<String, Object> settings;
    private final List<TopicPartition> partitions;
    private final Listener listener;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

    /// Called on the tail's thread.
    public interface Listener {

        /// The ends have been noted: everything logged from now on will be received.
        void noted();

        /// Up to 50 records; may block, which holds up the reading.
        void received(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException;
    }

    /// @param settings of the Kafka client: where the brokers are and how to speak to them
    public TopicTail(Map<String, Object> settings, String topic, int partitions, Listener listener) {
        this.settings = new HashMap<>(settings);
        this.settings.putAll(FIXED);
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("tail-" + topic).daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /// Returns when the thread has ended, or at once where it was never started.
    @Override
    public void close() {
        closing.countDown();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        KafkaConsumer<byte[], byte[]> running = consumer;
        if (running != null) {
            running.wakeup();
        }
        try {
            if (!thread.join(PATIENCE)) {
                thread.interrupt();
                thread.join(PATIENCE);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (closing.getCount() > 0) {
            try (var running =
                    new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer = running;
                follow(running);
            } catch (WakeupException | InterruptException | InterruptedException stop) {
                log.debug("tail of {} interrupted", partitions.getFirst().topic());
            } catch (RuntimeException failure) {
                log.warn(
                        "reading {} failed, trying again", partitions.getFirst().topic(), failure);
            } finally {
                consumer = null;
            }
            pause();
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> running) throws InterruptedException {
        checkPartitions(running);
        running.assign(partitions);
        if (next.isEmpty()) {
            next.putAll(running.endOffsets(partitions));
            listener.noted();
        }
        next.forEach(running::seek);
        while (closing.getCount() > 0) {
            read(running);
        }
    }

    private void checkPartitions(KafkaConsumer<byte[], byte[]> running) {
        String topic = partitions.getFirst().topic();
        int found = running.partitionsFor(topic).size();
        if (found != partitions.size()) {
            throw new KafkaException(
                    "topic %s has %d partitions and needs %d".formatted(topic, found, partitions.size()));
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> running) throws InterruptedException {
        try {
            ConsumerRecords<byte[], byte[]> records = running.poll(POLL);
            if (!records.isEmpty()) {
                List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>(records.count());
                records.forEach(batch::add);
                listener.received(batch);
                records.partitions().forEach(partition -> next.put(partition, running.position(partition)));
            }
        } catch (InvalidOffsetException lost) {
            log.warn("the log of {} has gone from where it was read, going on at its end", lost.partitions(), lost);
            Map<TopicPartition, Long> ends = running.endOffsets(lost.partitions());
            ends.forEach(running::seek);
            next.putAll(ends);
        }
    }

    private void pause() {
        try {
            closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            log.debug("interrupted while pausing");
        }
    }
}
