package dev.rookery.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads all of `nostr.broadcast` from its end on, without a group, on a thread of its own: for those who need the
/// whole view. All of one process share it, because a fetch costs the broker the same whatever it carries.
///
/// Each record logged after a reader was told so is handed to it, in the order of its partition, at least once.
/// Records that the broker has lost or deleted before they were read are passed over: whoever needs to know tells by
/// `seq`.
public final class BroadcastTail implements AutoCloseable {

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
    private static final Logger log = LoggerFactory.getLogger(BroadcastTail.class);

    private final Map<String, Object> settings;
    private final LogRecords codec;
    private final String topic;
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Map<Reader, Stage> readers = new ConcurrentHashMap<>();
    /// Held while readers are told something.
    private final ReentrantLock telling = new ReentrantLock();
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean following;

    private enum Stage {
        JOINING,
        READING
    }

    /// Called on the tail's thread. What a reader throws is told, and is not for the others: records may then be
    /// missing to it.
    public interface Reader {

        /// Everything logged from now on will be received.
        void noted();

        /// Up to 50 records; may block, which holds up the reading, also for others.
        void received(List<BroadcastRecord> records) throws InterruptedException;

        /// A record that no process of this suite wrote, and that is not handed over.
        default void unsealed() {}
    }

    /// @param settings of the Kafka client: where the brokers are and how to speak to them
    public BroadcastTail(Map<String, Object> settings, Topics topics, Seal seal) {
        this.settings = new HashMap<>(settings);
        this.settings.putAll(FIXED);
        this.codec = new LogRecords(topics, seal);
        this.topic = topics.broadcast();
        this.partitions = IntStream.range(0, Topics.BROADCAST_PARTITIONS)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
        this.thread = Thread.ofPlatform().name("tail-" + topic).daemon().unstarted(this::run);
    }

    /// Reading begins with the first.
    public void join(Reader reader) {
        readers.put(reader, Stage.JOINING);
        if (begun.compareAndSet(false, true)) {
            thread.start();
        } else if (following) {
            wakeUp();
        }
    }

    /// Nothing more is handed to it. Returns when the last call has ended; one that blocks is interrupted in the end.
    public void leave(Reader reader) {
        readers.remove(reader);
        awaitOrInterrupt(() -> {
            boolean quiet = telling.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (quiet) {
                telling.unlock();
            }
            return quiet;
        });
    }

    /// Returns when the thread has ended.
    @Override
    public void close() {
        closing.countDown();
        if (begun.get()) {
            wakeUp();
            awaitOrInterrupt(() -> thread.join(PATIENCE));
        }
    }

    private interface Waiting {
        boolean isOver() throws InterruptedException;
    }

    private void awaitOrInterrupt(Waiting end) {
        try {
            if (!end.isOver()) {
                thread.interrupt();
                var _ = end.isOver();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void wakeUp() {
        KafkaConsumer<byte[], byte[]> running = consumer;
        if (running != null) {
            running.wakeup();
        }
    }

    private void run() {
        while (closing.getCount() > 0) {
            try (var running =
                    new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer = running;
                seek(running);
                following = true;
                while (closing.getCount() > 0) {
                    read(running);
                }
            } catch (WakeupException | InterruptException | InterruptedException stop) {
                log.debug("tail of {} interrupted", topic);
            } catch (RuntimeException | Error failure) {
                tell(failure);
            } finally {
                following = false;
                consumer = null;
            }
            pause();
        }
    }

    /// A broker that comes up later than its readers is nothing to worry about.
    private void tell(Throwable failure) {
        if (next.isEmpty() && failure instanceof RetriableException) {
            log.info("waiting for {}: {}", topic, failure.toString());
        } else {
            log.warn("reading {} failed, trying again", topic, failure);
        }
    }

    private void seek(KafkaConsumer<byte[], byte[]> running) {
        int found = running.partitionsFor(topic).size();
        if (found != partitions.size()) {
            throw new KafkaException(
                    "topic %s has %d partitions and needs %d".formatted(topic, found, partitions.size()));
        }
        running.assign(partitions);
        if (next.isEmpty()) {
            next.putAll(running.endOffsets(partitions));
        }
        next.forEach(running::seek);
    }

    private void read(KafkaConsumer<byte[], byte[]> running) throws InterruptedException {
        try {
            welcome();
            ConsumerRecords<byte[], byte[]> records = running.poll(POLL);
            if (!records.isEmpty()) {
                handOver(records);
                records.partitions().forEach(partition -> next.put(partition, running.position(partition)));
            }
        } catch (WakeupException joins) {
            log.trace("somebody joins");
        } catch (InvalidOffsetException lost) {
            log.warn("the log of {} has gone from where it was read, going on at its end", lost.partitions(), lost);
            Map<TopicPartition, Long> ends = running.endOffsets(lost.partitions());
            ends.forEach(running::seek);
            next.putAll(ends);
        }
    }

    /// What is read from now on is for those who are joining too.
    private void welcome() throws InterruptedException {
        telling.lock();
        try {
            for (Reader reader : List.copyOf(readers.keySet())) {
                if (readers.replace(reader, Stage.JOINING, Stage.READING)) {
                    tell(reader, Reader::noted);
                }
            }
        } finally {
            telling.unlock();
        }
    }

    private void handOver(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
        telling.lock();
        try {
            List<BroadcastRecord> sealed = new ArrayList<>(records.count());
            for (ConsumerRecord<byte[], byte[]> record : records) {
                Optional<BroadcastRecord> read = codec.readBroadcast(record);
                if (read.isPresent()) {
                    sealed.add(read.get());
                } else {
                    tellAll(Reader::unsealed);
                }
            }
            tellAll(reader -> reader.received(sealed));
        } finally {
            telling.unlock();
        }
    }

    private interface Told {
        void by(Reader reader) throws InterruptedException;
    }

    private void tellAll(Told told) throws InterruptedException {
        for (Reader reader : readers.keySet()) {
            if (readers.get(reader) == Stage.READING) {
                tell(reader, told);
            }
        }
    }

    private void tell(Reader reader, Told told) throws InterruptedException {
        try {
            told.by(reader);
        } catch (RuntimeException | Error failure) {
            log.error("a reader of {} failed", topic, failure);
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
