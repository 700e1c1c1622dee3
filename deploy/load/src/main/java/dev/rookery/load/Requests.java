package dev.rookery.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// REQs of one form, from some connections, on each one after the other, for some time. A latency is that from the REQ
/// to its EOSE.
///
/// @param form a filter, another each time
record Requests(String name, Function<Random, String> form, int connections, double seconds) implements Scenario {

    @Override
    public Measure run(Target target) throws Exception {
        AtomicInteger empty = new AtomicInteger();
        List<Asking> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < connections; i++) {
                clients.add(new Asking(target.address()));
            }
            Stopwatch watch = Stopwatch.of(target);
            long end = System.nanoTime() + (long) (seconds * 1e9);
            List<Future<?>> loops = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                loops.add(threads.submit(loop(clients.get(i), new Random(i), end, watch, empty)));
            }
            for (Future<?> loop : loops) {
                loop.get();
            }
            List<String> problems = empty.get() == watch.count() ? List.of("nothing was ever found") : List.of();
            return watch.end(name, "requests", problems);
        } finally {
            clients.forEach(Asking::close);
        }
    }

    private Callable<Boolean> loop(Asking client, Random random, long end, Stopwatch watch, AtomicInteger empty) {
        return () -> {
            while (System.nanoTime() - end < 0) {
                String filter = form.apply(random);
                long since = System.nanoTime();
                if (client.ask(filter).isEmpty()) {
                    empty.incrementAndGet();
                }
                watch.took(since);
            }
            return true;
        };
    }
}
