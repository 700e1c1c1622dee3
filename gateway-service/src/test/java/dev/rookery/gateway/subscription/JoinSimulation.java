package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.gateway.connection.OutboundLimits;
import dev.rookery.gateway.link.Link;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/// One gateway connection between a store that lags and two broadcast instances at different places of the log, while
/// events are published, subscriptions come and go, and links are cut. Everything happens in one thread, in an
/// order that the seed decides.
final class JoinSimulation {

    private static final List<String> FILTERS =
            List.of("{}", "{\"kinds\":[1]}", "{\"kinds\":[7,1984]}", "{\"kinds\":[1],\"since\":1700000050}");

    /// Longer, at ten milliseconds each, than the longest pause before something is tried again.
    private static final int QUIET_STEPS = 150;

    private final Random random;
    private final List<Event> toPublish;
    private final List<Event> log = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final SentText sent = new SentText(channel);
    private final SimulatedStore store;
    private final List<SimulatedBroadcast> instances;
    private final SubscriptionService service;
    private final Subscriptions subscriptions;
    private final Map<String, List<Filter>> opened = new LinkedHashMap<>();
    private final Map<String, List<String>> received = new LinkedHashMap<>();
    private int lastSubscription;
    private final int few;
    private int stalled = -1;
    private int linkedTo = -1;

    JoinSimulation(long seed, List<Event> toPublish, boolean storeWaits) {
        this.random = new Random(seed);
        this.few = seed % 2 == 0 ? 3 : 30;
        this.toPublish = toPublish;
        QueryClient query = new QueryClient();
        store = new SimulatedStore(query, log, random, storeWaits);
        instances = List.of(new SimulatedBroadcast(log), new SimulatedBroadcast(log));
        Clock clock = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
        service = new SubscriptionService(
                query,
                settings(),
                () -> Position.NONE,
                channel.eventLoop(),
                new SubscriptionService.Instruments(clock, new SimpleMeterRegistry()));
        subscriptions = service.forConnection(new Outbound(channel, limits()), Set::of);
        query.opened(new Link(store::hear, () -> {}));
        link(0);
    }

    private static SubscriptionProperties settings() {
        return new SubscriptionProperties(
                Duration.ofHours(1), DataSize.ofMegabytes(1), 10_000, 10_000, 10_000, 1_000, Duration.ofMinutes(2));
    }

    private static OutboundLimits limits() {
        return new OutboundLimits(64 << 20, 32 << 10, Duration.ofSeconds(1));
    }

    /// Runs until everything is published, then until nothing moves any more.
    void run() throws MalformedMessageException {
        while (log.size() < toPublish.size()) {
            step();
        }
        for (int quiet = 0; quiet < QUIET_STEPS; quiet = isBusy() ? 0 : quiet + 1) {
            if (linkedTo < 0) {
                link(random.nextInt(2));
            }
            move();
            collect();
        }
    }

    private boolean isBusy() {
        return store.isBusy() || linkedTo < 0 || instances.get(linkedTo).isBusy();
    }

    /// For each subscription still open, its filters.
    Map<String, List<Filter>> open() {
        return opened;
    }

    /// The ids received, in order, for each subscription.
    Map<String, List<String>> received() {
        return received;
    }

    private void step() throws MalformedMessageException {
        switch (random.nextInt(40)) {
            case 0, 1 -> subscribe();
            case 2 -> unsubscribeBeyond(few);
            case 3 -> cutOrLink();
            case 4, 5, 6, 7, 8, 9 -> log.add(toPublish.get(log.size()));
            default -> move();
        }
        collect();
    }

    private void move() throws MalformedMessageException {
        switch (random.nextInt(4)) {
            case 0 -> store.step();
            case 1 -> advance(random.nextInt(2));
            default -> receive(random.nextInt(6));
        }
    }

    private void receive(int most) {
        for (int i = 0; i < most && linkedTo >= 0 && instances.get(linkedTo).hasFrame(); i++) {
            service.feed().received(instances.get(linkedTo).nextFrame());
        }
    }

    /// Often a little, sometimes far, and now and then one of the two not at all for a while.
    private void advance(int instance) throws MalformedMessageException {
        if (random.nextInt(20) == 0) {
            stalled = random.nextInt(3) - 1;
        }
        int steps = instance == stalled ? 0 : random.nextInt(8) == 0 ? 40 : 4;
        for (int i = 0; i < steps; i++) {
            instances.get(instance).step();
        }
    }

    private void subscribe() throws MalformedMessageException {
        String id = "sub" + ++lastSubscription;
        String filter = FILTERS.get(random.nextInt(FILTERS.size()));
        List<Filter> filters = FilterReader.readAll(("[" + filter + "]").getBytes(StandardCharsets.UTF_8));
        opened.put(id, filters);
        received.put(id, new ArrayList<>());
        subscriptions.open(id, filters);
    }

    private void unsubscribeBeyond(int number) {
        while (opened.size() > number) {
            String id = opened.keySet().iterator().next();
            opened.remove(id);
            subscriptions.close(id);
        }
    }

    private void cutOrLink() {
        if (linkedTo < 0) {
            link(random.nextInt(2));
        } else {
            instances.get(linkedTo).cut();
            linkedTo = -1;
            service.feed().closed();
        }
    }

    private void link(int instance) {
        linkedTo = instance;
        SimulatedBroadcast linked = instances.get(instance);
        linked.cut();
        linked.linked();
        service.feed().opened(new Link(linked::hear, () -> {}));
    }

    private void collect() {
        channel.advanceTimeBy(10, TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
        for (String message : sent.next()) {
            if (message.startsWith("[\"CLOSED\"")) {
                throw new AssertionError("a subscription was ended: " + message);
            }
            if (message.startsWith("[\"EVENT\"")) {
                String[] parts = message.split("\"", 10);
                received.get(parts[3]).add(parts[7]);
            }
        }
    }
}
