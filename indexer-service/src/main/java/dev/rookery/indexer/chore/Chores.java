package dev.rookery.indexer.chore;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does the chores, one at a time, on a thread of theirs. A chore that fails is done again at its next time.
public final class Chores {

    private static final Logger LOG = LoggerFactory.getLogger(Chores.class);

    private final List<Chore> chores;
    private final Counter failures;
    private final Set<String> working = ConcurrentHashMap.newKeySet();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread;

    /// @param name of the thread
    public Chores(String name, List<Chore> chores, MeterRegistry meters) {
        this.chores = List.copyOf(chores);
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
        failures = meters.counter("rookery.indexer.chores.failures");
    }

    public void start() {
        for (Chore chore : chores) {
            var _ = thread.scheduleWithFixedDelay(
                    () -> run(chore), 0, chore.pause().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /// Returns when the chore at work has ended, within bounds.
    public void stop() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("a chore did not end in time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether the chore has been done and did not fail the last time.
    public boolean works(Chore chore) {
        return working.contains(chore.name());
    }

    /// Broad on purpose: this is the edge, and whatever is thrown on would end the chore for good and without a word.
    private void run(Chore chore) {
        try {
            chore.work().run();
            working.add(chore.name());
            if (failing.remove(chore.name())) {
                LOG.info("{} works again", chore.name());
            }
        } catch (RuntimeException | Error failure) {
            failures.increment();
            working.remove(chore.name());
            if (failing.add(chore.name())) {
                LOG.warn("{} failed and will be tried again", chore.name(), failure);
            }
        }
    }
}
