package dev.rookery.broadcast.link;

import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame.Heartbeat;
import dev.rookery.link.LinkFrame.Refused;
import dev.rookery.link.LinkFrame.Registered;
import dev.rookery.order.Position;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.reactive.socket.CloseStatus;

/// All open links, and how far the events have got that they have been told of. On the owner's thread only.
///
/// A link's first frame is a heartbeat. The acknowledgement of a registration says how far the events had been
/// matched when it took effect; each event after that is matched against it.
public final class Links {

    private static final Logger log = LoggerFactory.getLogger(Links.class);

    /// How much of an ended link is taken out of the index in one go, by weight, so that nobody waits long. One
    /// registration that weighs more goes alone.
    private static final int REMOVED_AT_ONCE = 2_000;

    private final Executor owner;
    private final LinkProperties bounds;
    private final LinkMeters meters;
    private final Subscriptions subscriptions;
    private final Set<Link> open = new LinkedHashSet<>();
    private Position reached = Position.NONE;
    private boolean serving;
    private Runnable allClosed = () -> {};

    public Links(Executor owner, LinkProperties bounds, LinkMeters meters, LongSupplier nanoTime) {
        this.owner = owner;
        this.bounds = bounds;
        this.meters = meters;
        this.subscriptions = new Subscriptions(meters, nanoTime);
    }

    /// Links may open from now on, each after a position.
    public void begin(Position at) {
        reached = at;
        serving = true;
    }

    /// Everything up to here has been handed to `deliver`, or is about to be.
    public void reach(Position at) {
        reached = at;
    }

    public void deliver(Position at, byte[] json) {
        subscriptions.deliver(at, json);
    }

    /// To be called at each interval.
    public void heartbeat() {
        byte[] frame = LinkCodec.encode(new Heartbeat(reached));
        List.copyOf(open).forEach(link -> link.send(frame));
    }

    /// All links end after what they have been sent, and none opens until the next `begin`.
    public void endAll(String reason) {
        endAll(CloseStatus.SERVICE_RESTARTED.withReason(reason));
    }

    /// As `endAll`, for good.
    ///
    /// @param whenClosed called when every link has closed
    public void shutDown(Runnable whenClosed) {
        endAll(CloseStatus.GOING_AWAY);
        allClosed = whenClosed;
        tellWhenAllClosed();
    }

    private void tellWhenAllClosed() {
        if (open.isEmpty()) {
            allClosed.run();
        }
    }

    private void endAll(CloseStatus status) {
        serving = false;
        open.forEach(link -> link.end(status));
    }

    void open(Link link) {
        open.add(link);
        meters.opened();
        if (serving) {
            link.send(new Heartbeat(reached));
        } else {
            link.end(CloseStatus.SERVICE_RESTARTED.withReason("not following the log yet"));
        }
    }

    void handle(Link link, LinkRequest request) {
        if (link.hasEnded()) {
            return;
        }
        switch (request) {
            case LinkRequest.Enrol enrol -> enrol(link, enrol);
            case LinkRequest.Withdraw(var handle) -> withdraw(link, handle);
            case LinkRequest.Grant(var bytes) -> link.grant(bytes);
            case LinkRequest.Refuse(var handle, var reason) -> refuse(link, handle, reason);
            case LinkRequest.Nonsense(var reason) -> link.cut(CloseStatus.PROTOCOL_ERROR.withReason(reason));
        }
    }

    void closed(Link link) {
        if (open.remove(link)) {
            link.closed();
            meters.closed();
            forget(link);
        }
        tellWhenAllClosed();
    }

    private void enrol(Link link, LinkRequest.Enrol enrol) {
        Subscribed subscribed = link.subscribed();
        if (subscribed.has(enrol.handle())) {
            link.cut(CloseStatus.PROTOCOL_ERROR.withReason("handle " + enrol.handle() + " is in use"));
        } else if (subscribed.size() >= bounds.registrations()) {
            refuse(link, enrol.handle(), "error: too many subscriptions");
        } else if (subscribed.weight() + enrol.weight() > bounds.filterWeight()) {
            refuse(link, enrol.handle(), "error: too many filters");
        } else {
            Registration registration = new Registration(link, enrol.handle(), enrol.weight());
            subscribed.add(registration);
            subscriptions.add(registration, enrol.filters());
            link.send(new Registered(enrol.handle(), reached));
        }
    }

    private void refuse(Link link, int handle, String reason) {
        log.debug("registration refused: {}", reason);
        meters.refused();
        link.send(new Refused(handle, reason));
    }

    private void withdraw(Link link, int handle) {
        Registration registration = link.subscribed().remove(handle);
        if (registration != null) {
            subscriptions.remove(registration);
        }
    }

    private void forget(Link link) {
        for (int removed = 0; removed < REMOVED_AT_ONCE; ) {
            Registration registration = link.subscribed().removeAny();
            if (registration == null) {
                return;
            }
            subscriptions.remove(registration);
            removed += registration.weight();
        }
        owner.execute(() -> forget(link));
    }
}
