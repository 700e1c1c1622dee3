package dev.rookery.indexer.outage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits out the outages of the stores: tries again without limit, with growing pauses, until the service is
/// stopped.
///
/// It blocks the consumer's thread, while Kafka's own thread keeps the heartbeat. A pause longer than
/// `max.poll.interval.ms` gives the lanes to another indexer, which does no harm: what this one then still tries is
/// recognised as overtaken.
public final class Patience {

    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private final Counter retries;

    public Patience(MeterRegistry registry) {
        retries = registry.counter("rookery.indexer.outage.retries");
    }

    /// The attempt's result, once it no longer ends in a [StoreUnavailableException].
    ///
    /// @throws StoppedException when the service is stopped first
    public <T> T untilDone(Supplier<T> attempt) {
        for (Duration pause = SHORTEST; pause.compareTo(LONGEST) < 0; pause = pause.multipliedBy(2)) {
            try {
                return attempt.get();
            } catch (StoreUnavailableException outage) {
                failed(outage, pause.equals(SHORTEST));
            }
            pause(pause);
        }
        waiting.incrementAndGet();
        try {
            return untilOver(attempt);
        } finally {
            waiting.decrementAndGet();
        }
    }

    private <T> T untilOver(Supplier<T> attempt) {
        while (true) {
            try {
                T result = attempt.get();
                LOG.info("the outage is over");
                return result;
            } catch (StoreUnavailableException outage) {
                failed(outage, true);
            }
            pause(LONGEST);
        }
    }

    private void failed(StoreUnavailableException outage, boolean isTold) {
        retries.increment();
        if (isTold) {
            LOG.warn("{}; trying again", outage.getMessage());
        }
    }

    /// Whether an attempt has failed for some seconds, and is still made again.
    public boolean isWaiting() {
        return waiting.get() > 0;
    }

    public void untilDone(Runnable attempt) {
        untilDone(() -> {
            attempt.run();
            return true;
        });
    }

    /// As `untilDone`, whatever it fails of: what is not as it has to be may be repaired while the service waits.
    ///
    /// @param complaint told with the first failure
    /// @throws StoppedException when the service is stopped first
    public void untilRepaired(String complaint, Runnable attempt) {
        boolean told = false;
        while (!succeeds(complaint, attempt, told)) {
            told = true;
            rest();
        }
    }

    private boolean succeeds(String complaint, Runnable attempt, boolean told) {
        try {
            untilDone(attempt);
            return true;
        } catch (StoppedException stopped) {
            throw stopped;
        } catch (RuntimeException failure) {
            if (!told) {
                LOG.error("{}", complaint, failure);
            }
            return false;
        }
    }

    /// Returns as soon as the condition is seen to hold.
    ///
    /// @throws StoppedException when the service is stopped first
    public void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            pause(SHORTEST);
        }
    }

    /// A pause after something that nobody foresaw.
    ///
    /// @throws StoppedException when the service is stopped first
    public void rest() {
        pause(LONGEST);
    }

    /// Ends all waiting, now and later.
    public void end() {
        stopped.countDown();
    }

    private void pause(Duration pause) {
        try {
            if (stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StoppedException();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }
}
