package dev.rookery.load;

import dev.rookery.event.Event;
import dev.rookery.load.Connections.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Events published over some connections, on each so many unanswered at a time. Afterwards each that was accepted is
/// asked for.
///
/// @param window unanswered on one connection
record Publishing(String name, List<Event> events, int connections, int window) implements Scenario {

    private static final int IDS_AT_ONCE = 200;
    private static final int LOOPS = 1;
    private static final long PATIENCE_SECONDS = 600;

    @Override
    public Measure run(Target target) throws Exception {
        Run run = new Run(Stopwatch.of(target));
        try (Connections clients = new Connections(target.address(), LOOPS)) {
            for (int i = 0; i < connections; i++) {
                run.join(clients);
            }
            boolean inTime = run.done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            Measure measure = run.watch.end(name, "events", List.of());
            List<String> problems = new ArrayList<>(inTime ? List.of() : List.of("not all were answered"));
            problems.addAll(run.problems());
            problems.addAll(missing(target, run.certainlyKept()));
            return measure.withProblems(problems);
        }
    }

    private List<String> missing(Target target, Collection<Event> kept) throws Exception {
        List<String> ids = kept.stream().map(event -> event.id().toString()).toList();
        Set<String> found = ConcurrentHashMap.newKeySet();
        try (Asking asking = new Asking(target.address())) {
            for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
                List<String> some = ids.subList(from, Math.min(ids.size(), from + IDS_AT_ONCE));
                String list = some.stream().map(id -> '"' + id + '"').collect(Collectors.joining(","));
                found.addAll(asking.ids("{\"ids\":[" + list + "]}"));
            }
        }
        long lost = ids.stream().filter(id -> !found.contains(id)).count();
        return lost == 0 ? List.of() : List.of(lost + " of " + ids.size() + " that were accepted are not found");
    }

    /// The events, who has which of them, and what became of them.
    private final class Run {

        private final Stopwatch watch;
        private final AtomicInteger next = new AtomicInteger();
        private final Map<String, Long> sent = new ConcurrentHashMap<>();
        private final Set<String> accepted = ConcurrentHashMap.newKeySet();
        private final Map<String, String> refused = new ConcurrentHashMap<>();
        private final CountDownLatch done = new CountDownLatch(events.size());

        Run(Stopwatch watch) {
            this.watch = watch;
        }

        void join(Connections clients) throws Exception {
            Client client = new Client();
            Connection connection = clients.open(client::hear).get(30, TimeUnit.SECONDS);
            connection.channel().eventLoop().execute(() -> client.begin(connection));
        }

        /// What was accepted and has not been superseded by any other, not even by one that was refused: of an
        /// `error:` the outcome is unknown, and the relay may have it.
        List<Event> certainlyKept() {
            return Corpus.kept(events).stream()
                    .filter(event -> accepted.contains(event.id().toString()))
                    .toList();
        }

        /// A version that comes after a newer one is rightly refused.
        List<String> problems() {
            List<String> reasons = Corpus.kept(events).stream()
                    .map(event -> refused.get(event.id().toString()))
                    .filter(Objects::nonNull)
                    .toList();
            String distinct = reasons.stream().distinct().sorted().collect(Collectors.joining("; "));
            return reasons.isEmpty() ? List.of() : List.of(reasons.size() + " were refused: " + distinct);
        }

        private final class Client {

            private @Nullable Connection connection;

            void begin(Connection opened) {
                connection = opened;
                for (int i = 0; i < window; i++) {
                    send();
                }
            }

            private void send() {
                int number = next.getAndIncrement();
                Connection open = connection;
                if (number < events.size() && open != null) {
                    Event event = events.get(number);
                    sent.put(event.id().toString(), System.nanoTime());
                    open.send("[\"EVENT\"," + event + "]");
                }
            }

            void hear(byte[] message) {
                Received received = Received.of(message);
                Long since = received.verb().equals("OK") ? sent.remove(received.subject()) : null;
                if (since != null) {
                    watch.took(since);
                    if (received.isAccepted()) {
                        accepted.add(received.subject());
                    } else {
                        refused.put(received.subject(), received.reason());
                    }
                    done.countDown();
                    send();
                }
            }
        }
    }
}
