package dev.rookery.broadcast.feed;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// The one thread that owns the feed, the links and the index of their subscriptions. Records, registrations and
/// timers wait in one inbox and are taken one by one, so that a registration always falls between two events.
///
/// The inbox has no bound of its own: whoever hands in bounds what is under way.
public final class Owner implements Executor, AutoCloseable {

    private final ScheduledThreadPoolExecutor inbox;
    private final Scheduler scheduler;
    private final Consumer<Throwable> failed;

    /// @param failed hears, on the thread, of tasks that threw
    public Owner(String name, Consumer<Throwable> failed) {
        this.failed = failed;
        inbox = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon().factory(), new ThreadPoolExecutor.DiscardPolicy());
        inbox.setRemoveOnCancelPolicy(true);
        inbox.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        scheduler = Schedulers.fromExecutorService(inbox, name);
    }

    @Override
    public void execute(Runnable task) {
        inbox.execute(guarded(task));
    }

    public void after(Duration delay, Runnable task) {
        var _ = inbox.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    public void every(Duration period, Runnable task) {
        var _ = inbox.scheduleWithFixedDelay(guarded(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// For pipelines that hop onto the thread.
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public void close() {
        inbox.shutdownNow();
        scheduler.dispose();
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error failure) {
                failed.accept(failure);
            }
        };
    }
}
