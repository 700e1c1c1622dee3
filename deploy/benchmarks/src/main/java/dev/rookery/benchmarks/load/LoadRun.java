package dev.rookery.benchmarks.load;

import dev.rookery.event.Event;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Publishes, asks and listens at one relay, and prints what it measured. The relay's limits on rates must be off.
///
/// Usage: `LoadRun ws://127.0.0.1:7777 [events]`. Every OK is waited for and every delivery counted; the run says
/// how many are missing.
public final class LoadRun {

    private static final int CONNECTIONS = 8;
    private static final int ROUNDS = 500;
    private static final int SUBSCRIBERS = 200;
    private static final int LIVE_EVENTS = 500;

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI relay;
    private final PrintStream out;
    private final EventMix mix = new EventMix(42, Instant.now().getEpochSecond());

    private LoadRun(URI relay, PrintStream out) {
        this.relay = relay;
        this.out = out;
    }

    public static void main(String[] args) throws InterruptedException {
        int events = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
        LoadRun run = new LoadRun(URI.create(args[0]), System.out);
        List<Event> first = run.mix.next(events);
        run.publish("publish, window 64, cold", first.subList(0, events / 2), 64);
        run.publish("publish, window 64, warm", first.subList(events / 2, events), 64);
        run.publish("publish, window 1", run.mix.next(Math.min(2_000, events)), 1);
        run.ask(first);
        run.fanOut();
    }

    private void publish(String name, List<Event> events, int window) throws InterruptedException {
        Latencies latencies = new Latencies();
        AtomicInteger refused = new AtomicInteger();
        CountDownLatch answers = new CountDownLatch(events.size());
        List<Thread> publishers = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < CONNECTIONS; i++) {
            int first = i;
            publishers.add(Thread.startVirtualThread(() -> {
                Map<String, Long> sentAt = new ConcurrentHashMap<>();
                Semaphore open = new Semaphore(window);
                RelaySocket socket = RelaySocket.open(client, relay, message -> {
                    Long sent = message.startsWith("[\"OK\",\"") ? sentAt.remove(message.substring(7, 71)) : null;
                    if (sent != null) {
                        latencies.add(System.nanoTime() - sent);
                        refused.addAndGet(message.startsWith("true", 73) ? 0 : 1);
                        answers.countDown();
                        open.release();
                    }
                });
                for (int next = first; next < events.size(); next += CONNECTIONS) {
                    open.acquireUninterruptibly();
                    Event event = events.get(next);
                    sentAt.put(event.id().toString(), System.nanoTime());
                    socket.send("[\"EVENT\"," + event + "]");
                }
            }));
        }
        for (Thread publisher : publishers) {
            publisher.join();
        }
        boolean all = answers.await(60, TimeUnit.SECONDS);
        double seconds = (System.nanoTime() - begin) / 1e9;
        report(name, latencies, seconds);
        out.printf("    refused %d, without answer %d%s%n", refused.get(), answers.getCount(), all ? "" : " (gave up)");
    }

    private void ask(List<Event> stored) throws InterruptedException {
        Supplier<Event> any = () -> stored.get((int) (Math.random() * stored.size()));
        ask(
                "REQ author and kind, 20",
                () -> "{\"authors\":[\"%s\"],\"kinds\":[1],\"limit\":20}"
                        .formatted(any.get().pubkey()));
        ask("REQ kinds, 100", () -> "{\"kinds\":[1],\"limit\":100}");
        ask("REQ #e", () -> "{\"#e\":[\"%s\"]}".formatted(any.get().id()));
        ask("REQ 10 ids", () -> {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ids.add("\"" + any.get().id() + "\"");
            }
            return "{\"ids\":[" + String.join(",", ids) + "]}";
        });
    }

    private void ask(String name, Supplier<String> filter) throws InterruptedException {
        Latencies latencies = new Latencies();
        List<Thread> askers = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < CONNECTIONS / 2; i++) {
            askers.add(Thread.startVirtualThread(() -> {
                Semaphore ended = new Semaphore(0);
                RelaySocket socket = RelaySocket.open(client, relay, message -> {
                    if (message.startsWith("[\"EOSE\"") || message.startsWith("[\"CLOSED\"")) {
                        ended.release();
                    }
                });
                for (int round = 0; round < ROUNDS; round++) {
                    long sent = System.nanoTime();
                    socket.send("[\"REQ\",\"q\"," + filter.get() + "]");
                    ended.acquireUninterruptibly();
                    latencies.add(System.nanoTime() - sent);
                }
                socket.close();
            }));
        }
        for (Thread asker : askers) {
            asker.join();
        }
        report(name, latencies, (System.nanoTime() - begin) / 1e9);
    }

    private void fanOut() throws InterruptedException {
        Latencies latencies = new Latencies();
        Map<String, Long> sentAt = new ConcurrentHashMap<>();
        CountDownLatch ready = new CountDownLatch(SUBSCRIBERS);
        List<RelaySocket> subscribers = new ArrayList<>();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            RelaySocket subscriber = RelaySocket.open(client, relay, message -> {
                if (message.startsWith("[\"EOSE\"")) {
                    ready.countDown();
                } else if (message.startsWith("[\"EVENT\"")) {
                    int id = message.indexOf("\"id\":\"") + 6;
                    Long sent = sentAt.get(message.substring(id, id + 64));
                    if (sent != null) {
                        latencies.add(System.nanoTime() - sent);
                    }
                }
            });
            subscriber.send("[\"REQ\",\"live\",{\"kinds\":[1,7],\"limit\":0}]");
            subscribers.add(subscriber);
        }
        if (!ready.await(60, TimeUnit.SECONDS)) {
            out.println("fan-out: subscriptions were not opened");
            return;
        }
        long begin = System.nanoTime();
        int expected = publishAtRate(sentAt) * SUBSCRIBERS;
        for (int wait = 0; wait < 200 && latencies.count() < expected; wait++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        report("fan-out to %d at 50/s".formatted(SUBSCRIBERS), latencies, (System.nanoTime() - begin) / 1e9);
        out.printf("    missing %d of %d%n", expected - latencies.count(), expected);
        subscribers.forEach(RelaySocket::close);
    }

    private int publishAtRate(Map<String, Long> sentAt) throws InterruptedException {
        List<Event> events = mix.next(LIVE_EVENTS * 2).stream()
                .filter(event -> event.kind() == 1 || event.kind() == 7)
                .limit(LIVE_EVENTS)
                .toList();
        try (RelaySocket publisher = RelaySocket.open(client, relay, message -> {})) {
            long begin = System.nanoTime();
            for (int i = 0; i < events.size(); i++) {
                long due = begin + i * 20_000_000L;
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                sentAt.put(events.get(i).id().toString(), due);
                publisher.send("[\"EVENT\"," + events.get(i) + "]");
            }
            TimeUnit.SECONDS.sleep(1);
        }
        return events.size();
    }

    private void report(String name, Latencies latencies, double seconds) {
        out.printf(
                "%-28s %9.0f/s   p50 %8.2f ms   p99 %8.2f ms%n",
                name, latencies.count() / seconds, latencies.percentile(50), latencies.percentile(99));
    }
}
