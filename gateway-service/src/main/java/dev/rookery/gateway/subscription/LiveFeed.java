package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.filter.FilterWriter;
import dev.rookery.gateway.link.Link;
import dev.rookery.gateway.link.LinkListener;
import dev.rookery.gateway.position.Reached;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Deliver;
import dev.rookery.order.Position;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway's live events, from one broadcast-service after another, without a gap between them.
///
/// `last` is the position up to which everything has been told. It never falls, whatever link the frames come from:
/// what is at or below it is dropped. A new link begins where its instance stands; what lies between `last` and
/// there is fetched from the store by [CatchUp], once for all subscriptions, while later frames are held back.
///
/// Confined to one event loop, the link's; `register` and `unregister` may be called from any thread.
final class LiveFeed implements LinkListener {

    private static final Logger log = LoggerFactory.getLogger(LiveFeed.class);

    private final EventExecutor loop;
    private final RecentIds recentEphemeral;
    private final CatchUp.Starter catchUps;
    private final FeedMeters meters;
    private final Reached reached;

    private final Registrations registrations = new Registrations();
    private volatile @Nullable Link link;
    private @Nullable DeliveryCredit credit;
    private @Nullable CatchUp catchUp;
    private volatile Position last = Position.NONE;

    /// @param reached hears of epochs, so that nothing of an older one is believed any more
    LiveFeed(
            EventExecutor loop,
            Reached reached,
            RecentIds recentEphemeral,
            CatchUp.Starter catchUps,
            FeedMeters meters) {
        this.loop = loop;
        this.reached = reached;
        this.recentEphemeral = recentEphemeral;
        this.catchUps = catchUps;
        this.meters = meters;
        meters.stands(this::last);
    }

    /// Whether there is a link, and a position after which it is followed.
    boolean isReady() {
        return link != null && !last.equals(Position.NONE);
    }

    /// The position up to which everything has been told.
    Position last() {
        return last;
    }

    /// The latest position that anything has been promised or delivered of.
    Position latest() {
        return reached.get().max(last);
    }

    void register(LiveListener listener) {
        loop.execute(() -> enrol(listener));
    }

    void unregister(LiveListener listener) {
        loop.execute(() -> withdraw(listener));
    }

    private void withdraw(LiveListener listener) {
        Integer handle = registrations.remove(listener);
        Link current = link;
        if (handle != null && current != null) {
            current.send(new LinkFrame.Unregister(handle));
        }
    }

    /// @return the handle that it is registered under, or will be with the next link
    int enrol(LiveListener listener) {
        int handle = registrations.add(listener);
        Link current = link;
        if (current != null) {
            current.send(new LinkFrame.Register(handle, FilterWriter.write(listener.filters())));
        }
        return handle;
    }

    boolean hears(LiveListener listener) {
        return registrations.has(listener);
    }

    @Override
    public void opened(Link opened) {
        link = opened;
        credit = new DeliveryCredit(opened);
        CatchUp started = catchUps.start(this, new Enrolment(this, opened, registrations.standing()));
        catchUp = started;
        started.begin();
        meters.linked();
    }

    @Override
    public void closed() {
        link = null;
        abandonCatchUp();
        meters.unlinked();
    }

    @Override
    public void received(LinkFrame.ToGateway frame) {
        switch (frame) {
            case LinkFrame.Heartbeat(var applied) -> reach(applied, null);
            case Deliver deliver -> deliver(deliver);
            case LinkFrame.Registered(var handle, var seen) -> registered(handle, seen);
            case LinkFrame.Refused(var handle, var reason) -> refused(handle, reason);
            case LinkFrame.Page _,
                    LinkFrame.RangePage _,
                    LinkFrame.End _,
                    LinkFrame.Failed _,
                    LinkFrame.Statuses _,
                    LinkFrame.Counted _,
                    LinkFrame.Reconciled _ -> {}
        }
    }

    private void registered(int handle, Position seen) {
        if (!follow(seen)) {
            return;
        }
        LiveListener listener = registrations.of(handle);
        if (listener != null) {
            Position covered = seen.max(last);
            Registrations.on(listener, () -> listener.registered(covered));
        }
        CatchUp running = catchUp;
        if (running != null) {
            running.registered(handle, listener, seen);
        }
    }

    private void refused(int handle, String reason) {
        LiveListener listener = registrations.of(handle);
        if (listener != null) {
            registrations.remove(listener);
            Registrations.on(listener, () -> listener.ended(reason));
        }
        CatchUp running = catchUp;
        if (running != null) {
            running.answered(handle);
        }
    }

    private void deliver(Deliver frame) {
        if (credit != null) {
            credit.giveBack(frame.event().length);
        }
        if (frame.position().equals(Position.NONE)) {
            tell(frame);
        } else {
            reach(frame.position(), frame);
        }
    }

    /// Everything up to the position has come over this link, the last of it perhaps in this frame.
    private void reach(Position position, @Nullable Deliver frame) {
        if (!follow(position)) {
            return;
        }
        CatchUp running = catchUp;
        if (running != null) {
            running.hold(position, frame);
        } else {
            pass(position, frame);
        }
    }

    /// Tells a frame in its turn; one at or below `last` has been told before.
    void pass(Position position, @Nullable Deliver frame) {
        if (!position.isAfter(last)) {
            return;
        }
        last = position;
        if (frame != null) {
            tell(frame);
        }
    }

    /// An event that was fetched from the store, with those of the standing subscriptions that it matches.
    void passStored(LiveEvent event, List<LiveListener> matching) {
        if (event.position().isAfter(last)) {
            last = event.position();
            for (LiveListener listener : matching) {
                if (registrations.has(listener)) {
                    Registrations.on(listener, () -> Registrations.tell(listener, event));
                }
            }
        }
    }

    /// All that was missing up to there has been told; what was held back follows.
    void caughtUp(Position upTo) {
        last = last.max(upTo);
        meters.caughtUp();
    }

    /// What is missing cannot be had: every subscription ends, and the order goes on from there.
    void lose(Position upTo, String reason) {
        log.warn("live events between {} and {} cannot be told: {}", last, upTo, reason);
        endAll("error: " + reason);
        last = last.max(upTo);
        catchUp = null;
        meters.gaveUp();
    }

    /// Frames are told as they come.
    void flows() {
        catchUp = null;
    }

    List<LiveListener> standing() {
        return registrations.standing();
    }

    /// Follows the position's epoch. A later one than that of what has been told ends every subscription; an earlier
    /// one is that of an instance which has not heard of it yet, and whose link is given up.
    ///
    /// @return whether the position is to be believed
    private boolean follow(Position position) {
        Position told = last;
        if (told.equals(Position.NONE)) {
            last = position;
            reached.enterEpochOf(position);
        } else if (position.epoch() > told.epoch()) {
            enter(position);
        } else if (position.epoch() < told.epoch()) {
            leaveLink();
            return false;
        }
        return true;
    }

    private void leaveLink() {
        Link current = link;
        if (current != null) {
            current.close();
        }
    }

    private void enter(Position laterEpoch) {
        abandonCatchUp();
        log.warn("the store has gone back before {} and begun epoch {}", last, laterEpoch.epoch());
        reached.enterEpochOf(laterEpoch);
        endAll("error: the relay's store has been set back, subscribe again");
        last = laterEpoch;
        meters.enteredEpoch();
    }

    private void abandonCatchUp() {
        CatchUp running = catchUp;
        if (running != null) {
            running.abandon();
            catchUp = null;
        }
    }

    void endAll(String reason) {
        List<LiveListener> ended = standing();
        ended.forEach(this::withdraw);
        ended.forEach(listener -> Registrations.on(listener, () -> listener.ended(reason)));
        meters.ended(ended.size());
    }

    private void tell(Deliver frame) {
        try {
            Event event = EventReader.readTrusted(frame.event());
            int[] recipients =
                    frame.position().equals(Position.NONE) ? notToldYet(event, frame.handles()) : frame.handles();
            meters.delivered(recipients.length);
            registrations.tell(new LiveEvent(frame.position(), event), recipients);
        } catch (MalformedMessageException broken) {
            log.error("a live event cannot be read: {}", broken.reason());
        }
    }

    /// An ephemeral event that is sent again is for those who have come since.
    private int[] notToldYet(Event ephemeral, int[] handles) {
        long told = recentEphemeral.tell(ephemeral.id(), registrations.newest(handles));
        return registrations.after(told, handles);
    }
}
