package dev.rookery.gateway.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.filter.Visibility;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.gateway.connection.OutboundLimits;
import dev.rookery.gateway.link.Link;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.gateway.position.Reached;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.springframework.util.unit.DataSize;

/// One gateway connection between a store that lags and three broadcast instances at different places of the log, while
/// events are published, subscriptions come and go, and links are cut, go half open, or come back in the middle of a
/// catch-up. Some clients take what they are sent only now and then. Everything happens in one thread, in an order that
/// the seed decides.
///
/// In a calm world no subscription may end. In a harsh one, in which the database goes back, the store's link is lost,
/// bounds are narrow and ranges are refused, subscriptions may end with `error:`, but never go on with a gap.
final class JoinSimulation {

    private static final List<String> FILTERS =
            List.of("{}", "{\"kinds\":[1]}", "{\"kinds\":[7,1984]}", "{\"kinds\":[1],\"since\":1700000050}");

    /// Longer, at ten milliseconds each, than the longest pause before something is tried again.
    private static final int QUIET_STEPS = 150;

    private static final int INSTANCES = 3;
    private static final int MOST_ANSWERS = 4;
    private static final int SLICE = 2;

    private final Random random;
    private final boolean harsh;
    private final String name;
    private final Deque<Event> toPublish;
    private final SimulatedLog log = new SimulatedLog();
    private final HeldChannel channel = new HeldChannel();
    private final Outbound out = new Outbound(channel, limits());
    private final SentText sent = new SentText(channel);
    private final Reached reached = new Reached();
    private final SimulatedStore store;
    private final List<SimulatedBroadcast> instances = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SubscriptionService service;
    private final Subscriptions subscriptions;
    private final Map<String, Transcript> open = new LinkedHashMap<>();
    private final int few;
    private final boolean slow;
    private boolean takes = true;
    private int opened;
    private int ended;
    private int stalled = -1;
    private int linkedTo = -1;
    private boolean halfOpen;
    private boolean givenUp;

    JoinSimulation(long seed, List<Event> toPublish, boolean storeWaits, boolean harsh) {
        this.random = new Random(seed);
        this.harsh = harsh;
        this.name = "seed " + seed;
        this.few = seed % 2 == 0 ? 3 : 30;
        this.slow = seed % 4 == 1;
        this.toPublish = new ArrayDeque<>(toPublish);
        QueryClient query = new QueryClient();
        store = new SimulatedStore(query, log, random, storeWaits, harsh);
        for (int i = 0; i < INSTANCES; i++) {
            instances.add(new SimulatedBroadcast(log));
        }
        Clock clock = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
        service = new SubscriptionService(
                query,
                new SubscriptionService.Rules(harsh && seed % 3 == 0 ? narrow() : wide(), new Visibility(Set.of())),
                reached,
                channel.eventLoop(),
                new SubscriptionService.Instruments(clock, meters));
        subscriptions = service.forConnection(out, AddressBlock.of(InetAddress.getLoopbackAddress()), Set::of);
        if (random.nextBoolean()) {
            link(0);
        }
    }

    private static SubscriptionProperties wide() {
        return settings(10_000, 10_000, 1_000);
    }

    private static SubscriptionProperties narrow() {
        return settings(10, 20, 2);
    }

    private static SubscriptionProperties settings(int waiting, int held, int attempts) {
        return new SubscriptionProperties(
                Duration.ofHours(1),
                MOST_ANSWERS,
                DataSize.ofKilobytes(16),
                waiting,
                DataSize.ofMegabytes(16),
                DataSize.ofMegabytes(64),
                held,
                DataSize.ofMegabytes(1),
                10_000,
                Duration.ofHours(1),
                attempts,
                SLICE,
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofMinutes(2),
                false);
    }

    private static OutboundLimits limits() {
        return new OutboundLimits(32 << 10, 1 << 10, Duration.ofSeconds(1));
    }

    /// Runs until everything is published, then until nothing moves any more, and then checks what is open.
    void run() throws MalformedMessageException {
        while (!toPublish.isEmpty()) {
            if (slow && random.nextInt(20) == 0) {
                takes = !takes;
            }
            step();
        }
        takes = true;
        for (int quiet = 0; quiet < QUIET_STEPS; quiet = isBusy() ? 0 : quiet + 1) {
            if (halfOpen) {
                cut();
            }
            if (linkedTo < 0) {
                link(random.nextInt(INSTANCES));
            }
            move();
            collect();
        }
        open.values().forEach(transcript -> transcript.complete(log.events()));
        assertThat(meters.get("rookery.gateway.waiting.bytes").gauge().value())
                .as("%s: bytes that are still kept", name)
                .isZero();
    }

    /// How many subscriptions have ended by themselves.
    int ended() {
        return ended;
    }

    int stayedOpen() {
        return open.size();
    }

    private boolean isBusy() {
        return out.pendingBytes() > 0
                || store.isBusy()
                || linkedTo < 0
                || instances.get(linkedTo).isBusy();
    }

    private void step() throws MalformedMessageException {
        switch (random.nextInt(40)) {
            case 0, 1 -> subscribe();
            case 2 -> unsubscribeBeyond(few);
            case 3 -> cutOrLink();
            case 4 -> halfOpen |= linkedTo >= 0 && random.nextInt(4) == 0;
            case 5 -> reached.raise(log.end());
            case 6, 7, 8, 9, 10, 11 -> log.add(toPublish.remove());
            case 12 -> misfortune();
            default -> move();
        }
        collect();
    }

    private void misfortune() {
        switch (random.nextInt(harsh ? 12 : 6)) {
            case 0 -> {
                int unlucky = random.nextInt(INSTANCES);
                instances.get(unlucky).fallBack(random.nextInt(30));
                cutIf(unlucky);
            }
            case 6 -> store.cut();
            case 7 -> {
                List<Event> lost = log.goBack(random.nextInt(10));
                open.values().forEach(Transcript::promiseNothing);
                if (random.nextBoolean()) {
                    lost.reversed().forEach(toPublish::addFirst);
                }
            }
            default -> {}
        }
    }

    private void move() throws MalformedMessageException {
        if (givenUp) {
            cutIf(linkedTo);
        }
        switch (random.nextInt(4)) {
            case 0 -> store.step();
            case 1 -> {
                advance(random.nextInt(INSTANCES));
                beatNowAndThen();
            }
            default -> receive(random.nextInt(6));
        }
    }

    private void beatNowAndThen() {
        if (linkedTo >= 0 && random.nextInt(3) == 0) {
            instances.get(linkedTo).beat();
        }
    }

    private void receive(int most) {
        for (int i = 0; i < most && isHeard() && instances.get(linkedTo).hasFrame(); i++) {
            service.feed().received(instances.get(linkedTo).nextFrame());
        }
    }

    private boolean isHeard() {
        return linkedTo >= 0 && !halfOpen;
    }

    /// Often a little, sometimes far, and now and then one of them not at all for a while.
    private void advance(int instance) throws MalformedMessageException {
        if (random.nextInt(20) == 0) {
            stalled = random.nextInt(INSTANCES + 1) - 1;
        }
        if (instances.get(instance).isStale() && random.nextInt(5) == 0) {
            instances.get(instance).startAfresh();
            cutIf(instance);
        }
        int steps = instance == stalled ? 0 : random.nextInt(8) == 0 ? 40 : 4;
        for (int i = 0; i < steps; i++) {
            instances.get(instance).step();
        }
    }

    private void subscribe() throws MalformedMessageException {
        String id = "sub" + ++opened;
        String filter = FILTERS.get(random.nextInt(FILTERS.size()));
        List<Filter> filters = FilterReader.readAll(("[" + filter + "]").getBytes(StandardCharsets.UTF_8));
        Position promised = reached.get();
        List<Event> stored = promised.epoch() == log.epoch()
                ? List.copyOf(log.events().subList(0, (int) promised.seq()))
                : List.of();
        open.put(id, new Transcript(name + ", " + id, filters, stored));
        subscriptions.open(id, filters);
    }

    private void unsubscribeBeyond(int number) {
        while (open.size() > number) {
            String id = List.copyOf(open.keySet()).get(random.nextInt(open.size()));
            open.remove(id);
            subscriptions.close(id);
        }
    }

    private void cutOrLink() {
        if (linkedTo < 0) {
            link(random.nextInt(INSTANCES));
        } else {
            cut();
        }
    }

    private void cutIf(int instance) {
        if (linkedTo >= 0 && linkedTo == instance) {
            cut();
        }
    }

    private void cut() {
        instances.get(linkedTo).cut();
        linkedTo = -1;
        halfOpen = false;
        givenUp = false;
        service.feed().closed();
    }

    private void link(int instance) {
        linkedTo = instance;
        SimulatedBroadcast linked = instances.get(instance);
        linked.cut();
        linked.beat();
        service.feed()
                .opened(new Link(
                        frame -> {
                            if (isHeard()) {
                                linked.hear(frame);
                            }
                        },
                        () -> random.nextInt(3) > 0,
                        () -> givenUp = true));
    }

    private void collect() {
        channel.advanceTimeBy(10, TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
        while (takes && out.pendingBytes() > 0) {
            channel.takeAll();
            channel.runPendingTasks();
        }
        assertThat(channel.isOpen()).as("%s: the connection", name).isTrue();
        for (String message : sent.next()) {
            String[] parts = message.split("\"", 10);
            Transcript transcript = open.get(parts[3]);
            if (transcript == null) {
                assertThat(slow)
                        .as("%s: %s after its subscription", name, message)
                        .isTrue();
                continue;
            }
            switch (parts[1]) {
                case "EVENT" -> transcript.event(parts[7]);
                case "EOSE" -> transcript.eose();
                case "CLOSED" -> {
                    if (!harsh) {
                        throw new AssertionError(name + ": a subscription was ended: " + message);
                    }
                    ended++;
                    open.remove(parts[3]).ended(parts[5], this::epochs);
                }
                default -> throw new AssertionError(name + ": " + message);
            }
        }
    }

    private List<List<Event>> epochs() {
        return LongStream.rangeClosed(1, log.epoch()).mapToObj(log::events).toList();
    }
}
