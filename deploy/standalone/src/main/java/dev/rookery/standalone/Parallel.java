package dev.rookery.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Work done side by side, all of it to its end, whatever fails.
final class Parallel {

    private Parallel() {}

    /// @throws Exception the first failure in the order given; the others are suppressed in it
    static void run(List<Steps.Action> work) throws Exception {
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("start-", 0).factory())) {
            for (Steps.Action part : work) {
                running.add(threads.submit(() -> {
                    part.run();
                    return null;
                }));
            }
        }
        List<Throwable> failures = new ArrayList<>();
        for (Future<?> part : running) {
            try {
                part.get();
            } catch (ExecutionException failure) {
                failures.add(failure.getCause() == null ? failure : failure.getCause());
            }
        }
        throwFirst(failures);
    }

    private static void throwFirst(List<Throwable> failures) throws Exception {
        if (failures.isEmpty()) {
            return;
        }
        Throwable first = failures.getFirst();
        failures.stream().skip(1).forEach(first::addSuppressed);
        if (first instanceof Exception exception) {
            throw exception;
        }
        throw new IllegalStateException(first);
    }
}
