package dev.rookery.gateway.subscription;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Visibility;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.gateway.link.LinkListener;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.gateway.position.Reached;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import java.time.Clock;
import java.util.Set;
import java.util.function.Supplier;

/// All that the gateway's connections share for answering REQs.
public final class SubscriptionService {

    private static final int MOST_EPHEMERAL_IDS = 100_000;

    private final LiveFeed feed;
    private final FeedWatch watch;
    private final QueryClient query;
    private final SubscriptionProperties properties;
    private final Visibility visibility;
    private final Reached reached;
    private final Clock clock;
    private final JoinMeters meters;
    private final WaitingBudget budget;

    /// @param loop carries the link to broadcast-service, and everything that is done with what comes over it
    public SubscriptionService(
            QueryClient query, Rules rules, Reached reached, EventExecutor loop, Instruments instruments) {
        this.query = query;
        this.properties = rules.properties();
        this.visibility = rules.visibility();
        this.reached = reached;
        this.clock = instruments.clock();
        this.meters = new JoinMeters(instruments.registry());
        this.budget = new WaitingBudget(properties.maxWaitingMemory(), instruments.registry());
        var recent = new RecentIds(clock, properties.ephemeralWindow(), MOST_EPHEMERAL_IDS);
        var feedMeters = new FeedMeters(instruments.registry());
        var terms = new CatchUp.Terms(properties, feedMeters);
        this.feed = new LiveFeed(
                loop,
                reached,
                recent,
                (feed, enrolment) -> new CatchUp(feed, query, loop, terms, enrolment),
                feedMeters);
        this.watch = new FeedWatch(feed, reached, loop, properties);
    }

    /// How much is done for a subscription, and what is shown to whom.
    public record Rules(SubscriptionProperties properties, Visibility visibility) {}

    /// The time and the meters.
    public record Instruments(Clock clock, MeterRegistry registry) {}

    /// What is to hear of the link to broadcast-service.
    public LinkListener feed() {
        return watch;
    }

    /// Whether live events can be told: there is a link, and a position after which it is followed.
    public boolean isReady() {
        return feed.isReady();
    }

    /// The latest position that anything has been promised or delivered of.
    public Position latest() {
        return feed.latest();
    }

    /// @param address of the client
    /// @param viewers the keys that the connection has proven
    public Subscriptions forConnection(Outbound out, AddressBlock address, Supplier<Set<Bytes32>> viewers) {
        var turns = new Turns(out, properties.maxAnswers());
        var room = new WaitingRoom(
                properties,
                budget,
                new Turns(out, properties.maxAnswers()),
                new WaitingRoom.Owner(address, out.executor()));
        return new Subscriptions(
                out, new Joining(feed, query, turns, room, properties, reached, visibility, viewers, clock, meters));
    }
}
