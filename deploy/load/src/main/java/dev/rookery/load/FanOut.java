package dev.rookery.load;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.load.Connections.Connection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;

/// Subscribers who listen, each on a connection of its own, and events that come at a steady rate whatever becomes of
/// them. A latency is that from the time at which an event was to be sent to its delivery to one of them, so a relay
/// that falls behind cannot hide it.
///
/// @param filter   of the subscriber of this number, for events from the given second on
/// @param patience how long the last deliveries are waited for, in seconds
record FanOut(
        String name, Corpus corpus, int subscribers, BiFunction<Integer, Long, String> filter, Rate rate, long patience)
        implements Scenario {

    private static final long OPEN_SECONDS = 30;

    /// @param events in all
    record Rate(int perSecond, int events) {

        long nanosBetween() {
            return 1_000_000_000L / perSecond;
        }
    }

    @Override
    public Measure run(Target target) throws Exception {
        try (Connections clients = new Connections(target.address(), 1)) {
            Run run = new Run(target, System.currentTimeMillis() / 1_000);
            List<Connection> opened = run.subscribe(clients);
            Connection publisher = clients.open(message -> {}).get(OPEN_SECONDS, TimeUnit.SECONDS);
            run.watch = Stopwatch.of(target);
            run.publish(publisher);
            boolean complete = run.deliveries.await(patience, TimeUnit.SECONDS);
            Measure measure = run.watch.end(name, "deliveries", run.problems(complete));
            opened.forEach(Connection::close);
            return measure;
        }
    }

    private final class Run {

        private final long second;
        private final List<Event> events = new ArrayList<>();
        private final Map<String, Long> due = new ConcurrentHashMap<>();
        private final List<Set<String>> expected = new ArrayList<>();
        private final AtomicInteger unexpected = new AtomicInteger();
        private final CountDownLatch deliveries;
        private volatile Stopwatch watch;

        Run(Target target, long second) throws MalformedMessageException {
            this.second = second;
            this.watch = Stopwatch.of(target);
            int salt = new Random().nextInt();
            for (int i = 0; i < rate.events(); i++) {
                events.add(corpus.note(salt + i, second + 1));
            }
            long count = 0;
            for (int subscriber = 0; subscriber < subscribers; subscriber++) {
                Set<String> ids = ConcurrentHashMap.newKeySet();
                Filter wanted = FilterReader.readAll(
                                ("[" + filter.apply(subscriber, second) + "]").getBytes(StandardCharsets.UTF_8))
                        .getFirst();
                events.stream()
                        .filter(wanted::matches)
                        .forEach(event -> ids.add(event.id().toString()));
                expected.add(ids);
                count += ids.size();
            }
            this.deliveries = new CountDownLatch(Math.toIntExact(count));
        }

        List<Connection> subscribe(Connections clients) throws Exception {
            CountDownLatch ready = new CountDownLatch(subscribers);
            List<Connection> opened = new ArrayList<>();
            for (int i = 0; i < subscribers; i++) {
                int subscriber = i;
                Connection connection = clients.open(message -> hear(subscriber, message, ready))
                        .get(OPEN_SECONDS, TimeUnit.SECONDS);
                connection.send("[\"REQ\",\"s\"," + filter.apply(subscriber, second) + "]");
                opened.add(connection);
            }
            if (!ready.await(OPEN_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(ready.getCount() + " subscriptions got no EOSE");
            }
            return opened;
        }

        private void hear(int subscriber, byte[] message, CountDownLatch ready) {
            Received received = Received.of(message);
            switch (received.verb()) {
                case "EOSE" -> ready.countDown();
                case "EVENT" -> received.eventId().ifPresent(id -> delivered(subscriber, id));
                default -> {}
            }
        }

        private void delivered(int subscriber, String id) {
            Long since = due.get(id);
            if (since != null && expected.get(subscriber).remove(id)) {
                watch.took(since);
                deliveries.countDown();
            } else {
                unexpected.incrementAndGet();
            }
        }

        void publish(Connection publisher) {
            long start = System.nanoTime();
            for (int i = 0; i < events.size(); i++) {
                long at = start + i * rate.nanosBetween();
                while (System.nanoTime() - at < 0) {
                    LockSupport.parkNanos(at - System.nanoTime());
                }
                Event event = events.get(i);
                due.put(event.id().toString(), at);
                publisher.send("[\"EVENT\"," + event + "]");
            }
        }

        List<String> problems(boolean complete) {
            List<String> problems = new ArrayList<>();
            if (!complete) {
                problems.add(deliveries.getCount() + " deliveries did not come");
            }
            if (unexpected.get() > 0) {
                problems.add(unexpected + " came twice or to somebody else");
            }
            return problems;
        }
    }
}
