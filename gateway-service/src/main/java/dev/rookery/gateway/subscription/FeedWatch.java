package dev.rookery.gateway.subscription;

import dev.rookery.gateway.link.Link;
import dev.rookery.gateway.link.LinkListener;
import dev.rookery.gateway.position.Reached;
import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches whether live events go on. An instance that is cut off from the log and the database still beats, and its
/// heartbeats stand still; that there is something to tell shows in what this gateway has told or been told of.
///
/// A link that stands still is given up for the next instance. When none has brought anything for too long, or there
/// is none, every subscription ends: nobody waits for ever for what will not come.
///
/// Confined to the feed's event loop, and stands before the feed.
final class FeedWatch implements LinkListener {

    private static final Logger log = LoggerFactory.getLogger(FeedWatch.class);

    private final LiveFeed feed;
    private final Reached reached;
    private final EventExecutor loop;
    private final SubscriptionProperties properties;
    private @Nullable Link link;
    private @Nullable Position beaten;
    private @Nullable Future<?> leaving;
    private @Nullable Future<?> ending;

    FeedWatch(LiveFeed feed, Reached reached, EventExecutor loop, SubscriptionProperties properties) {
        this.feed = feed;
        this.reached = reached;
        this.loop = loop;
        this.properties = properties;
    }

    @Override
    public void opened(Link opened) {
        link = opened;
        beaten = null;
        leaving = later(leaving, properties.standstill(), this::leave);
        if (ending == null) {
            ending = later(null, properties.liveWithin(), this::endAll);
        }
        feed.opened(opened);
    }

    @Override
    public void received(LinkFrame.ToGateway frame) {
        if (frame instanceof LinkFrame.Heartbeat(var applied)) {
            beat(applied);
        }
        try {
            feed.received(frame);
        } catch (RuntimeException | Error ours) {
            log.error("what came over the link could not be told", ours);
            feed.endAll("error: live events could not be told, subscribe again");
        }
    }

    @Override
    public void closed() {
        link = null;
        cancel(leaving);
        feed.closed();
    }

    /// It goes on when there is nothing to bring, or when this link has brought something: one that is far behind is
    /// not left, for another may be too.
    private void beat(Position applied) {
        boolean moves = beaten != null && applied.isAfter(beaten);
        beaten = applied;
        if (moves || !reached.get().max(feed.last()).isAfter(applied)) {
            leaving = later(leaving, properties.standstill(), this::leave);
            ending = later(ending, properties.liveWithin(), this::endAll);
        }
    }

    private void leave() {
        Link current = link;
        if (current != null) {
            log.warn("live events stand still at {}, trying the next instance", beaten);
            current.close();
        }
    }

    private void endAll() {
        ending = later(ending, properties.liveWithin(), this::endAll);
        if (!feed.standing().isEmpty()) {
            log.warn("no live events for {}, all subscriptions end", properties.liveWithin());
            feed.endAll("error: live events have come to a standstill, subscribe again");
        }
    }

    private Future<?> later(@Nullable Future<?> before, Duration time, Runnable task) {
        cancel(before);
        return loop.schedule(task, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void cancel(@Nullable Future<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }
}
