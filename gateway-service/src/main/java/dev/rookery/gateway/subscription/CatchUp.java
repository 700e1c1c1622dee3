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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes the gap between what one link told and where the next one begins.
///
/// First it has every standing subscription registered anew: the highest `seen` of them is the target. Then it fetches
/// what lies between from the store, tells it, and lets go of the frames that it held back meanwhile. All of it happens
/// on the feed's event loop, which carries clients too, so that much is done in slices. A link that is lost again ends
/// it; the next link starts another from the same place.
@SuppressWarnings("FutureReturnValueIgnored") // a fetch that is scheduled checks by itself whether it is still wanted
final class CatchUp {

    private static final Logger log = LoggerFactory.getLogger(CatchUp.class);

    private static final long CREDIT = 4 << 20;

    @FunctionalInterface
    interface Starter {
        CatchUp start(LiveFeed feed, Enrolment enrolment);
    }

    private enum Phase {
        /// Subscriptions are being registered, and the target may rise.
        ENROLLING,
        /// What is missing up to the target is being told.
        FETCHING,
        /// All up to the target has been told; frames that were held are being told.
        RELEASING,
        OVER
    }

    private final LiveFeed feed;
    private final QueryClient query;
    private final EventExecutor loop;
    private final SubscriptionProperties properties;

    private final HeldFrames held;
    private final Enrolment enrolment;
    private final Future<?> bound;
    /// Who is registered, and may have missed something up to the target.
    private FilterIndex<LiveListener> registered = new FilterIndex<>();
    private Position target = Position.NONE;
    private Phase phase = Phase.ENROLLING;
    private int attempts;
    private int request;

    CatchUp(LiveFeed feed, QueryClient query, EventExecutor loop, Terms terms, Enrolment enrolment) {
        this.feed = feed;
        this.query = query;
        this.loop = loop;
        this.properties = terms.properties();
        this.held = new HeldFrames(terms.properties(), terms.meters());
        this.enrolment = enrolment;
        long millis = properties.catchUpWithin().toMillis();
        this.bound = loop.schedule(
                guarded(() -> finishWith("a lost link was not made up for in time")), millis, TimeUnit.MILLISECONDS);
    }

    /// What it may cost, and who counts it.
    record Terms(SubscriptionProperties properties, FeedMeters meters) {}

    /// Where no subscription stands, nobody has missed anything, and those that come need nothing made up for.
    void begin() {
        goOn();
    }

    /// A subscription sees what comes after this position: a standing one, or one that came later. Until the target is
    /// fixed both may have missed something up to it; who is registered after it has not.
    ///
    /// @param listener null when it has gone meanwhile
    void registered(int handle, @Nullable LiveListener listener, Position seen) {
        if (phase == Phase.ENROLLING) {
            target = target.max(seen);
            if (listener != null) {
                registered.add(listener, listener.filters());
            }
            answered(handle);
        }
    }

    /// A registration has been answered: it is there, or refused.
    void answered(int handle) {
        enrolment.answered(handle);
        goOn();
    }

    /// A frame of the new link, which waits for its turn. Until the target is fixed, what a heartbeat says has been
    /// matched raises it.
    void hold(Position position, @Nullable Deliver frame) {
        if (phase == Phase.ENROLLING && frame == null) {
            target = target.max(position);
            goOn();
        }
        if (phase == Phase.OVER) {
            feed.pass(position, frame);
        } else if (!held.add(position, frame)) {
            finishWith("too much happened while a link was restored");
        }
    }

    void abandon() {
        end();
        held.discard();
    }

    private void goOn() {
        if (phase == Phase.ENROLLING) {
            enrolment.goOn(properties.catchUpSlice());
            if (enrolment.isOver()) {
                fetchWhatIsMissing();
            }
        }
    }

    private void fetchWhatIsMissing() {
        Position after = feed.last();
        if (registered.size() == 0 || !target.isAfter(after)) {
            finish();
        } else if (target.seq() - after.seq() > properties.maxCatchUp()) {
            finishWith("too much was missed while a link was lost");
        } else {
            phase = Phase.FETCHING;
            fetch();
        }
    }

    private void fetch() {
        if (phase == Phase.FETCHING) {
            request = query.range(feed.last(), target, CREDIT, frame -> loop.execute(guarded(() -> hear(frame))));
        }
    }

    private void hear(LinkFrame.ToGateway frame) {
        if (phase != Phase.FETCHING) {
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
            Event event = EventReader.readTrusted(placed.event());
            List<LiveListener> matching = new ArrayList<>();
            registered.match(event, matching::add);
            feed.passStored(new LiveEvent(new Position(target.epoch(), placed.seq()), event), matching);
        } catch (MalformedMessageException broken) {
            finishWith("a stored event cannot be read: " + broken.reason());
        }
    }

    private void retry(Failure failure, String reason) {
        boolean passing = failure != Failure.TOO_LARGE && failure != Failure.INVALID;
        if (passing && attempts++ < properties.catchUpAttempts()) {
            long pause = Math.min(1000, 25L << Math.min(attempts, 10));
            loop.schedule(guarded(this::fetch), pause, TimeUnit.MILLISECONDS);
        } else {
            finishWith(reason);
        }
    }

    private void finish() {
        stopFetching();
        phase = Phase.RELEASING;
        feed.caughtUp(target);
        release();
    }

    /// What comes while some are being told waits behind them. A task that is due at once would keep the loop from
    /// reading.
    private void release() {
        if (phase == Phase.RELEASING) {
            held.release(properties.catchUpSlice(), feed::pass);
            if (held.isEmpty()) {
                end();
                feed.flows();
            } else {
                loop.schedule(guarded(this::release), 1, TimeUnit.MILLISECONDS);
            }
        }
    }

    /// What fails in between, as where memory is short, must not go on as though all had been told.
    private Runnable guarded(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (RuntimeException | Error ours) {
                log.error("a lost link could not be made up for", ours);
                finishWith("live events could not be told");
            }
        };
    }

    private void finishWith(String reason) {
        if (phase != Phase.OVER) {
            end();
            feed.lose(target, reason);
            held.discard();
        }
    }

    private void end() {
        stopFetching();
        phase = Phase.OVER;
    }

    private void stopFetching() {
        bound.cancel(false);
        query.cancel(request);
        request = 0;
        registered = new FilterIndex<>();
    }
}
