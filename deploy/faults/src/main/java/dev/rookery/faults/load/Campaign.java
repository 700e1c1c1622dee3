package dev.rookery.faults.load;

import dev.rookery.client.RelayClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A load on all gateways, with subscribers that stay, and the judgement of what came of it.
public final class Campaign implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Campaign.class);
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final List<URI> gateways;
    private final Ledger ledger = new Ledger();
    private final EventSource source;
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final List<Thread> publishing = new ArrayList<>();
    private final List<Thread> subscribing = new ArrayList<>();
    private final int subscribersEach;

    /// @param publishers at each gateway first
    /// @param subscribers at each gateway
    /// @param eventsPerSecond of each publisher
    public record Load(int publishers, int subscribers, int eventsPerSecond) {}

    /// @param seed of the events and their authors
    public Campaign(List<URI> gateways, long seed, Load load) {
        this.gateways = List.copyOf(gateways);
        this.source = new EventSource(seed);
        this.subscribersEach = load.subscribers();
        for (int at = 0; at < gateways.size(); at++) {
            List<URI> order = new ArrayList<>(gateways.subList(at, gateways.size()));
            order.addAll(gateways.subList(0, at));
            for (int i = 0; i < load.publishers(); i++) {
                publishers.add(new Publisher(order, source, ledger, load.eventsPerSecond()));
            }
            for (int i = 0; i < load.subscribers(); i++) {
                subscribers.add(new Subscriber(gateways.get(at), ledger, source.authors()));
            }
        }
    }

    /// Returns when all subscribers listen and publishing has begun.
    public void start() throws Exception {
        subscribers.forEach(subscriber -> subscribing.add(Thread.ofVirtual().start(subscriber)));
        await("subscribers are live", () -> subscribers.stream().allMatch(Subscriber::isLive));
        publishers.forEach(publisher -> publishing.add(Thread.ofVirtual().start(publisher)));
    }

    /// Returns when so many events more than now have been promised to be stored.
    public void awaitStored(int more) throws Exception {
        int wanted = ledger.count(Standing.STORED) + more;
        await(more + " events more are stored", () -> ledger.count(Standing.STORED) >= wanted);
    }

    /// A subscriber more, which is judged like those that were there from the start.
    ///
    /// @param gateway counted from 0
    public void subscribe(int gateway) {
        Subscriber late = new Subscriber(gateways.get(gateway), ledger, source.authors());
        subscribers.add(late);
        subscribing.add(Thread.ofVirtual().start(late));
    }

    /// How the subscriptions at one gateway that were there from the start have ended so far, in the order of their
    /// subscribers.
    ///
    /// @param gateway counted from 0
    public List<String> endsAt(int gateway) {
        return subscribers.subList(gateway * subscribersEach, (gateway + 1) * subscribersEach).stream()
                .flatMap(subscriber -> subscriber.ends().stream())
                .toList();
    }

    /// Ends the load and judges. To be called with the suite whole again.
    public Report finish() throws Exception {
        publishers.forEach(Publisher::stop);
        for (Thread thread : publishing) {
            thread.join();
        }
        awaitOwed();
        awaitSentinels();
        for (URI gateway : gateways) {
            judgeStored(gateway);
        }
        subscribers.forEach(this::judgeDelivered);
        Report report = report();
        log.info("{}", report);
        return report;
    }

    @Override
    public void close() throws Exception {
        publishers.forEach(Publisher::stop);
        subscribers.forEach(Subscriber::stop);
        publishing.forEach(Thread::interrupt);
        for (Thread thread : subscribing) {
            thread.join(BOUND);
        }
    }

    /// What is only logged takes its time; whatever is missing then is told by [#judgeStored].
    private void awaitOwed() throws Exception {
        Set<String> missing = new HashSet<>(ledger.owed());
        long end = System.nanoTime() + BOUND.toNanos();
        while (!missing.isEmpty() && System.nanoTime() - end < 0) {
            missing.removeAll(new Lookup(gateways.getFirst(), ledger).found(missing));
            TimeUnit.NANOSECONDS.sleep(missing.isEmpty() ? 0 : LOOK_EVERY.toNanos());
        }
    }

    /// Live events come in the order of their decision: after one that was decided last, none before it is to come.
    private void awaitSentinels() throws Exception {
        for (URI gateway : gateways) {
            Sent sentinel = source.nextNote();
            ledger.sending(sentinel);
            try (RelayClient client = new RelayClient(gateway)) {
                ledger.answered(sentinel.id(), gateway.toString(), client.publish(sentinel.json()));
            }
            for (Subscriber subscriber : subscribers) {
                long end = System.nanoTime() + BOUND.toNanos();
                while (!subscriber.has(sentinel.id()) && System.nanoTime() - end < 0) {
                    TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
                }
            }
        }
    }

    private void judgeStored(URI gateway) throws Exception {
        Lookup lookup = new Lookup(gateway, ledger);
        Set<String> missing = new HashSet<>(ledger.owed());
        missing.removeAll(lookup.found(missing));
        missing.forEach(id -> ledger.complain(gateway + " does not find " + id + ", which was promised"));
        lookup.found(ledger.forbidden())
                .forEach(id -> ledger.complain(gateway + " finds " + id + ", which was refused or replaced"));
    }

    private void judgeDelivered(Subscriber subscriber) {
        subscriber
                .missing(ledger.owed())
                .forEach(id -> ledger.complain("a subscriber has never received " + id + ", which was promised"));
        Set<String> received = subscriber.received();
        received.retainAll(ledger.neverStored());
        received.forEach(id -> ledger.complain("a subscriber has received " + id + ", which was refused"));
    }

    private Report report() {
        return new Report(
                ledger.complaints(),
                ledger.count(Standing.STORED),
                ledger.count(Standing.LOGGED),
                ledger.count(Standing.REFUSED),
                subscribers.stream().mapToInt(Subscriber::live).sum(),
                subscribers.stream()
                        .flatMap(subscriber -> subscriber.ends().stream())
                        .toList());
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Condition condition) throws InterruptedException {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end >= 0) {
                throw new IllegalStateException("Not within " + BOUND + ": " + what);
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }
}
