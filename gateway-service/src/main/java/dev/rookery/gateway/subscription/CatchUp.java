package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.filter.FilterIndex;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Deliver;
import dev.rookery.link.LinkFrame.Failed;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Placed;
import dev.rookery.link.LinkFrame.RangePage;
import dev.rookery.order.Position;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Closes the gap between what one link told and where the next one begins.
///
/// First it waits until every standing subscription is registered anew: the highest `seen` of them is the target.
/// Then it fetches what lies between from the store, tells it, and lets go of the frames that it held back
/// meanwhile. All of it happens on the feed's event loop. A link that is lost again ends it; the next link starts
/// another from the same place.
@SuppressWarnings("FutureReturnValueIgnored") // a fetch that is scheduled checks by itself whether it is still wanted
final class CatchUp {

    private static final long CREDIT = 4 << 20;

    @FunctionalInterface
    interface Starter {
        CatchUp start(LiveFeed feed, int registrations);
    }

    private final LiveFeed feed;
    private final QueryClient query;
    private final EventExecutor loop;
    private final SubscriptionProperties properties;
    private final boolean nobodyToTell;

    private final HeldFrames held;
    private final Future<?> bound;
    private FilterIndex<LiveListener> standing = new FilterIndex<>();
    private Position target = Position.NONE;
    private int unregistered;
    private int attempts;
    private int request;
    private boolean over;

    CatchUp(LiveFeed feed, QueryClient query, EventExecutor loop, Terms terms, int registrations) {
        this.feed = feed;
        this.query = query;
        this.loop = loop;
        this.properties = terms.properties();
        this.held = new HeldFrames(terms.properties(), terms.meters());
        this.nobodyToTell = registrations == 0;
        this.unregistered = registrations;
        long millis = properties.catchUpWithin().toMillis();
        this.bound = loop.schedule(
                () -> finishWith("a lost link was not made up for in time"), millis, TimeUnit.MILLISECONDS);
    }

    /// What it may cost, and who counts it.
    record Terms(SubscriptionProperties properties, FeedMeters meters) {}

    /// One of the standing subscriptions, which are registered before any other, sees what comes after this position.
    void registered(Position seen) {
        if (isOpen()) {
            target = target.max(seen);
            refused();
        }
    }

    void refused() {
        unregistered--;
        fetchWhenRegistered();
    }

    /// A frame of the new link, which waits for its turn. Until the target is fixed, what a heartbeat says has been
    /// matched raises it.
    void hold(Position position, @Nullable Deliver frame) {
        if (frame == null && isOpen()) {
            target = target.max(position);
            fetchWhenRegistered();
        }
        if (over) {
            feed.pass(position, frame);
        } else if (!held.add(position, frame)) {
            finishWith("too much happened while a link was restored");
        }
    }

    void abandon() {
        over = true;
        bound.cancel(false);
        query.cancel(request);
        held.discard();
    }

    /// Whether the target may still rise: what is being fetched, or has been told, ends where it began to.
    private boolean isOpen() {
        return request == 0 && !over;
    }

    private void fetchWhenRegistered() {
        if (unregistered > 0 || !isOpen()) {
            return;
        }
        Position after = feed.last();
        if (nobodyToTell || !target.isAfter(after)) {
            finish();
        } else if (target.seq() - after.seq() > properties.maxCatchUp()) {
            finishWith("too much was missed while a link was lost");
        } else {
            feed.standing().forEach(listener -> standing.add(listener, listener.filters()));
            fetch();
        }
    }

    private void fetch() {
        if (!over) {
            request = query.range(feed.last(), target, CREDIT, frame -> loop.execute(() -> hear(frame)));
        }
    }

    private void hear(LinkFrame.ToGateway frame) {
        if (over) {
            return;
        }
        switch (frame) {
            case RangePage page -> tell(page);
            case LinkFrame.End _ -> finish();
            case Failed(var number, var failure, var reason) -> retry(failure, reason);
            default -> finishWith("the store gave an answer of another kind");
        }
    }

    private void tell(RangePage page) {
        long bytes = 0;
        for (Placed placed : page.events()) {
            bytes += placed.event().length;
            tell(placed);
        }
        query.credit(page.request(), bytes);
    }

    private void tell(Placed placed) {
        try {
            Event event = EventReader.read(placed.event());
            List<LiveListener> matching = new ArrayList<>();
            standing.match(event, matching::add);
            feed.passStored(new Position(target.epoch(), placed.seq()), event, matching);
        } catch (MalformedMessageException broken) {
            finishWith("a stored event cannot be read: " + broken.reason());
        }
    }

    private void retry(Failure failure, String reason) {
        boolean passing = failure != Failure.TOO_LARGE && failure != Failure.INVALID;
        if (passing && attempts++ < properties.catchUpAttempts()) {
            loop.schedule(this::fetch, Math.min(1000, 25L << Math.min(attempts, 10)), TimeUnit.MILLISECONDS);
        } else {
            finishWith(reason);
        }
    }

    private void finish() {
        end(() -> feed.caughtUp(target));
    }

    private void finishWith(String reason) {
        end(() -> feed.lose(target, reason));
    }

    private void end(Runnable ending) {
        if (!over) {
            over = true;
            bound.cancel(false);
            query.cancel(request);
            standing = new FilterIndex<>();
            ending.run();
            held.release(feed::pass);
        }
    }
}
