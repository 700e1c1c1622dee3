package dev.rookery.gateway.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.FilterReader;
import dev.rookery.filter.Visibility;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.gateway.connection.OutboundLimits;
import dev.rookery.json.MalformedMessageException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/// The connection of a client that takes what it is sent when the test has it do so.
final class SlowClient {

    static final long MOST_PENDING = 1 << 20;

    final Subscriptions subscriptions;
    /// The keys that it has proven.
    Set<Bytes32> proven = Set.of();

    private final HeldChannel channel = new HeldChannel();
    private final SentText sent = new SentText(channel);
    private final Outbound out =
            new Outbound(channel, new OutboundLimits(MOST_PENDING, 16 << 10, Duration.ofSeconds(1)));
    private final TestFeed relay;

    SlowClient(TestFeed relay, SubscriptionProperties properties, WaitingBudget budget) {
        this(relay, properties, budget, AddressBlock.of(InetAddress.getLoopbackAddress()));
    }

    SlowClient(TestFeed relay, SubscriptionProperties properties, WaitingBudget budget, AddressBlock address) {
        this.relay = relay;
        this.subscriptions = new Subscriptions(
                out,
                new Joining(
                        relay.feed,
                        relay.query,
                        new Turns(out, properties.maxAnswers()),
                        new WaitingRoom(
                                properties,
                                budget,
                                new Turns(out, properties.maxAnswers()),
                                new WaitingRoom.Owner(address, out.executor())),
                        properties,
                        relay.reached,
                        new Visibility(Set.of(1059)),
                        () -> proven,
                        Clock.systemUTC(),
                        new JoinMeters(new SimpleMeterRegistry())));
    }

    static WaitingBudget budget(TestFeed relay, DataSize most) {
        return new WaitingBudget(most, relay.meters);
    }

    /// What is counted for all that waits, of all clients.
    static double waiting(TestFeed relay) {
        return relay.meters.get("rookery.gateway.waiting.bytes").gauge().value();
    }

    /// @return the handle that it hears live events by
    int open(String id, String filter) {
        try {
            subscriptions.open(id, FilterReader.readAll(("[" + filter + "]").getBytes(UTF_8)));
        } catch (MalformedMessageException malformed) {
            throw new IllegalArgumentException(malformed);
        }
        run();
        return relay.handles().isEmpty() ? 0 : relay.handles().getLast();
    }

    long pendingBytes() {
        return out.pendingBytes();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /// The client takes what has been written so far, and no more.
    void takeWritten() {
        channel.takeAll();
    }

    /// What it has taken and not yet been asked for here.
    List<String> taken() {
        return sent.next();
    }

    /// Takes all that it is sent, until there is nothing more.
    List<String> takeEverything() {
        List<String> messages = new ArrayList<>();
        do {
            takeWritten();
            run();
            messages.addAll(taken());
        } while (out.pendingBytes() > 0);
        return messages;
    }

    /// Whatever is due is done.
    void run() {
        channel.runPendingTasks();
        relay.pass(Duration.ZERO);
        channel.runPendingTasks();
    }

    void pass(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        run();
    }
}
