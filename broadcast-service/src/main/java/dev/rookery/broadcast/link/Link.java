package dev.rookery.broadcast.link;

import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.springframework.web.reactive.socket.CloseStatus;

/// What is on its way to one gateway, in order, and what it has registered.
///
/// An event is sent while credit is left and takes its bytes from it, so the last one may overdraw it by its own
/// size. Without credit it waits, and everything after it too. What waits, for credit or for the transport, is
/// counted: beyond the bound the link has fallen behind and is cut, which drops all of it.
///
/// On the owner's thread only.
final class Link {

    private final LinkProperties bounds;
    private final LinkMeters meters;
    private final Outlet outlet;
    private final Runnable ending;
    private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();
    private final Subscribed subscribed = new Subscribed();
    private long waitingCost;
    private long credit;
    private int[] recipients = new int[16];
    private int recipientCount;
    private boolean ended;

    /// @param eventBytes what it takes from the credit
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
    private record Outgoing(byte[] frame, int eventBytes) {}

    /// @param ending called once, when the link ends from this side
    Link(LinkProperties bounds, LinkMeters meters, Outlet outlet, Runnable ending) {
        this.bounds = bounds;
        this.meters = meters;
        this.outlet = outlet;
        this.ending = ending;
    }

    /// Whether nothing is sent any more.
    boolean hasEnded() {
        return ended;
    }

    Subscribed subscribed() {
        return subscribed;
    }

    void grant(long bytes) {
        credit = Math.min(credit + bytes, Long.MAX_VALUE / 2);
        while (!waiting.isEmpty() && mayGo(waiting.getFirst())) {
            Outgoing next = waiting.removeFirst();
            count(-Outlet.cost(next.frame));
            go(next);
        }
    }

    void send(LinkFrame.ToGateway frame) {
        send(LinkCodec.encode(frame));
    }

    void send(byte[] frame) {
        enqueue(new Outgoing(frame, 0));
    }

    /// Remembers a recipient of the event that is being matched.
    ///
    /// @return whether it is the first of this link
    boolean addRecipient(int handle) {
        if (recipientCount == recipients.length) {
            recipients = Arrays.copyOf(recipients, recipientCount * 2);
        }
        recipients[recipientCount++] = handle;
        return recipientCount == 1;
    }

    /// Sends the event, once, to the recipients remembered.
    ///
    /// @return how many they were
    int deliver(Position at, byte[] json) {
        int count = recipientCount;
        int[] handles = Arrays.copyOf(recipients, count);
        recipientCount = 0;
        enqueue(new Outgoing(LinkCodec.encode(new LinkFrame.Deliver(at, handles, json)), json.length));
        return count;
    }

    /// Ends the link after what the transport has been given; what still waits for credit is not sent.
    void end(CloseStatus status) {
        if (stop()) {
            outlet.end(status);
            ending.run();
        }
    }

    /// Ends the link at once.
    void cut(CloseStatus status) {
        if (stop()) {
            outlet.cut(status);
            ending.run();
        }
    }

    /// The connection has ended.
    void closed() {
        stop();
        outlet.drop();
    }

    private boolean stop() {
        if (ended) {
            return false;
        }
        ended = true;
        waiting.clear();
        count(-waitingCost);
        return true;
    }

    private void enqueue(Outgoing next) {
        int cost = Outlet.cost(next.frame);
        if (ended) {
            return;
        }
        if (waitingCost + outlet.pending() + cost > bounds.buffer().toBytes()) {
            meters.fellBehind();
            cut(CloseStatus.SERVICE_OVERLOAD.withReason("the link has fallen behind"));
        } else if (waiting.isEmpty() && mayGo(next)) {
            go(next);
        } else {
            waiting.addLast(next);
            count(cost);
        }
    }

    private boolean mayGo(Outgoing next) {
        return next.eventBytes == 0 || credit > 0;
    }

    private void go(Outgoing next) {
        credit -= next.eventBytes;
        outlet.send(next.frame);
    }

    private void count(long more) {
        waitingCost += more;
        meters.buffered(more);
    }
}
