package dev.rookery.gateway;

import dev.rookery.gateway.publish.EventLog;
import dev.rookery.topics.TopicSetup;
import dev.rookery.topics.Topics;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Opens the log once the brokers answer and its topics are made or checked. Waits beside the start of the service,
/// which is up and not ready meanwhile, and answers whoever reads.
///
/// The producer is not made before the brokers have let this service in: it asks for its number at once, and one that
/// is refused that sends nothing ever after.
final class LogOpening implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LogOpening.class);
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final long PAUSE_MILLIS = 500;

    private final KafkaProperties kafka;
    private final Topics topics;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final EventLog log;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable String told;
    private final Thread thread =
            Thread.ofPlatform().name("log-opening").daemon().unstarted(this::run);

    LogOpening(KafkaProperties kafka, Topics topics, Supplier<Producer<byte[], byte[]>> producers, EventLog log) {
        this.kafka = kafka;
        this.topics = topics;
        this.producers = producers;
        this.log = log;
    }

    private void run() {
        try {
            while (!isDone()) {
                if (stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isDone() {
        try {
            declare();
            log.open(located(producers.get()));
            return true;
        } catch (KafkaException | IllegalStateException notYet) {
            tell(notYet);
            return false;
        }
    }

    /// Before the first event needs to know where the lanes are.
    private Producer<byte[], byte[]> located(Producer<byte[], byte[]> producer) {
        try {
            producer.partitionsFor(topics.index());
            producer.partitionsFor(topics.broadcast());
            return producer;
        } catch (KafkaException | IllegalStateException notYet) {
            producer.close(Duration.ZERO);
            throw notYet;
        }
    }

    /// Each reason once: a broker that comes up later is nothing to worry about, anything else is for somebody to mend.
    private void tell(RuntimeException reason) {
        if (!isRunning() || reason.toString().equals(told)) {
            return;
        }
        told = reason.toString();
        if (reason instanceof RetriableException) {
            LOG.info("waiting for Kafka: {}", told);
        } else {
            LOG.error("no event is taken before this is mended", reason);
        }
    }

    private void declare() {
        Admin admin = Admin.create(kafka.shared());
        try {
            new TopicSetup(topics, kafka.replication()).declare(admin);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop() {
        stopping.countDown();
        thread.interrupt();
        try {
            thread.join(FAREWELL);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread.getState() != Thread.State.NEW && stopping.getCount() > 0;
    }
}
