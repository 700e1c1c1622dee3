package dev.rookery.indexer;

import dev.rookery.indexer.decision.Decided;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.kafka.LateProducer;
import dev.rookery.indexer.postgres.PostgresSession;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.beans.factory.config.BeanPostProcessor;

/// An indexer in a process of its own, which halts at a given step with no more ado than a kill.
final class HaltingIndexer implements BeanPostProcessor {

    static final int HALTED = 42;

    /// Between the commit of a batch and the last that it leaves to do.
    enum Step {
        COMMITTED,
        VERDICTS_PUBLISHED,
        SOME_SENT,
        ALL_SENT,
        ACKNOWLEDGED
    }

    private final Step step;
    private final int accepted;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private volatile MeterRegistry meters;
    private volatile PostgresSession housekeeping;

    /// @param accepted how many events of the batch are
    private HaltingIndexer(Step step, int accepted) {
        this.step = step;
        this.accepted = accepted;
    }

    /// @param args the step, the number of accepted events, then settings
    public static void main(String[] args) {
        var halting = new HaltingIndexer(Step.valueOf(args[0]), Integer.parseInt(args[1]));
        RunningIndexer.start(Arrays.copyOfRange(args, 2, args.length), halting);
    }

    @Override
    public Object postProcessAfterInitialization(Object made, String name) {
        if (made instanceof MeterRegistry registry) {
            meters = registry;
        }
        return switch (name) {
            case "liveSteps" -> planted((IndexListener.Steps) made);
            case "emissionProducer" -> new LateProducer(() -> producer(((LateProducer) made).get()));
            case "housekeepingSession" -> housekeeping = (PostgresSession) made;
            default -> made;
        };
    }

    private IndexListener.Steps planted(IndexListener.Steps steps) {
        return new IndexListener.Steps(
                steps.preparation(),
                steps.cutter(),
                steps.deadLetters(),
                (batch, moves) -> {
                    var decided = steps.sequencer().apply(batch, moves);
                    haltAt(Step.COMMITTED);
                    return decided;
                },
                decided -> {
                    steps.verdicts().accept(decided);
                    if (step == Step.VERDICTS_PUBLISHED) {
                        awaitVerdicts(decided);
                        haltAt(step);
                    }
                },
                steps.emission(),
                consumer -> {
                    if (step == Step.ACKNOWLEDGED && sent.get() > 0) {
                        awaitAcknowledgement();
                        haltAt(step);
                    } else if (step != Step.ACKNOWLEDGED) {
                        steps.groupOffsets().accept(consumer);
                    }
                });
    }

    @SuppressWarnings("unchecked")
    private Producer<byte[], byte[]> producer(Producer<byte[], byte[]> real) {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                HaltingIndexer.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, args) -> {
                    try {
                        if (!method.getName().equals("send")) {
                            return method.invoke(real, args);
                        }
                        Callback callback = (Callback) args[1];
                        Object future = method.invoke(real, args[0], (Callback) (metadata, failure) -> {
                            if (acknowledged.incrementAndGet() == accepted) {
                                haltAt(Step.ALL_SENT);
                            }
                            callback.onCompletion(metadata, failure);
                        });
                        if (sent.incrementAndGet() == accepted / 2 && step == Step.SOME_SENT) {
                            real.flush();
                            haltAt(step);
                        }
                        return future;
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    private void awaitVerdicts(Decided decided) {
        MeterRegistry registry = Objects.requireNonNull(meters);
        var published = registry.counter("rookery.indexer.verdicts.published");
        var dropped = registry.counter("rookery.indexer.verdicts.dropped");
        while (published.count() + dropped.count() < decided.events().size()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void awaitAcknowledgement() {
        while (housekeeping.ask(connection -> {
            try (var statement = connection.createStatement();
                    var result = statement.executeQuery(
                            "select exists (select from events.outbox where acknowledged is null)")) {
                result.next();
                return result.getBoolean(1);
            }
        })) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void haltAt(Step here) {
        if (step == here) {
            Runtime.getRuntime().halt(HALTED);
        }
    }
}
