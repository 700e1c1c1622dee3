package dev.rookery.gateway.connection;

import dev.rookery.event.Bytes32;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.message.RelayMessages;
import dev.rookery.message.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What one connection sends. Every method is called on the connection's event loop.
///
/// Messages become frames here, without an encoder behind: small ones are gathered in a page, large events are
/// referred to and not copied. A page goes to the transport when it is full or at the next flush; whoever writes
/// need not flush, because one happens when much has been written, and one at the end of the loop's turn. Bytes count
/// as pending until the transport has taken them. A client that lets more memory than the bound pile up (an event that
/// it gets for several subscriptions takes it once) is cut off without a close frame, which it would not read either;
/// that is judged behind a flush, because the transport can take nothing before it. Once the connection is closing,
/// whatever is sent is dropped.
public final class Outbound {

    /// From this size on an event is referred to; below it copying costs less than an entry in the transport's
    /// queue.
    private static final int REFERRED_BYTES = 4096;

    private static final int FIRST_ROOM_BYTES = 512;
    private static final long MUCH_PENDING = 1 << 20;

    /// So much is written before it is flushed within a turn.
    private static final long MOST_UNFLUSHED_BYTES = 64 << 10;
    private static final int COMPRESSED_TEXT = FrameHead.COMPRESSED | FrameHead.TEXT;
    private static final byte[] EVENT_END = {']'};
    private static final byte[] NOTHING = {};

    private final Channel channel;
    private final OutboundLimits limits;
    private final OutboundMeter meter;
    private final @Nullable Deflation deflation;
    private final Turn turn;
    private final Backlog backlog;
    private @Nullable ByteBuf page;
    private long flushed;
    private int messagesInPage;
    private boolean flushScheduled;
    private boolean closing;

    public Outbound(Channel channel, OutboundLimits limits) {
        this(
                channel,
                new AddressBlock(false, 0),
                new LoopShare(limits, OutboundMeter.uncounted(), new Turn(channel.eventLoop()), Backlogs.unbounded()),
                null);
    }

    /// @param address the client's
    /// @param deflation null where permessage-deflate was not negotiated
    Outbound(Channel channel, AddressBlock address, LoopShare shared, @Nullable Deflation deflation) {
        this.channel = channel;
        this.limits = shared.limits();
        this.meter = shared.meter();
        this.turn = shared.turn();
        this.backlog = new Backlog(shared, address, channel.eventLoop(), this::cut);
        this.deflation = deflation;
    }

    /// The connection's event loop.
    public EventLoop executor() {
        return channel.eventLoop();
    }

    public void ok(Bytes32 id, Verdict verdict) {
        text(RelayMessages.ok(id, verdict.accepted(), verdict.message()));
    }

    /// For an event of which no more could be read than its id, in hex. The reason has its prefix.
    public void refused(String id, String reason) {
        text(RelayMessages.ok(id, false, reason));
    }

    public void notice(String text) {
        text(RelayMessages.notice(text));
    }

    public void auth(String challenge) {
        text(RelayMessages.auth(challenge));
    }

    public void eose(String subscription) {
        text(RelayMessages.eose(subscription));
    }

    public void eose(String subscription, String hint) {
        text(RelayMessages.eose(subscription, hint));
    }

    public void closed(String subscription, String reason) {
        text(RelayMessages.closed(subscription, reason));
    }

    /// The event for one subscription.
    ///
    /// @param prefix as `RelayMessages.eventPrefix` gives it for the subscription
    /// @param json canonical, shared by all recipients; must never change: it may be referred to until it is sent
    public void event(byte[] prefix, byte[] json) {
        if (!isOpen()) {
            return;
        }
        byte[] deflated = deflation == null ? null : deflation.event(json);
        if (deflated == null) {
            frame(FrameHead.TEXT, prefix, json, EVENT_END);
        } else {
            frame(COMPRESSED_TEXT, Deflation.stored(prefix), deflated, NOTHING);
        }
    }

    /// A control frame with a payload of at most 125 bytes.
    void control(int opcode, byte[] payload) {
        if (isOpen()) {
            frame(opcode, NOTHING, payload, NOTHING);
        }
    }

    /// Whether so much is pending that what can wait should: a megabyte, or half of that for which the client would be
    /// cut off.
    public boolean isBehind() {
        return pendingBytes() - backlog.spared() > Math.min(MUCH_PENDING, limits.maxPendingBytes() / 2);
    }

    /// Hands everything written so far to the transport now.
    public void flush() {
        if (unflushedBytes() > 0) {
            sendPage();
            flushed = backlog.written();
            channel.flush();
            backlog.flushed();
            if (isOpen() && pendingBytes() - backlog.spared() > limits.maxPendingBytes()) {
                backlog.cutOff();
            }
        }
    }

    private long unflushedBytes() {
        return backlog.written() + pageBytes() - flushed;
    }

    /// Runs on the event loop when everything written so far has reached the transport, at once when it has already,
    /// perhaps within a later call that writes; never when the connection ends before.
    public void whenFlushed(Runnable then) {
        backlog.whenTaken(backlog.written() + pageBytes(), then);
    }

    /// Bytes written that the transport has not yet taken.
    public long pendingBytes() {
        return backlog.written() - backlog.taken() + pageBytes();
    }

    /// Bytes that the transport has taken since the connection began, those of a large write that is not complete
    /// included: what shows whether a client still reads, be it slowly.
    long takenBytes() {
        ChannelOutboundBuffer underWay = channel.unsafe().outboundBuffer();
        return backlog.taken() + (underWay == null ? 0 : underWay.currentProgress());
    }

    /// Whether what is sent can still arrive.
    public boolean isOpen() {
        return !closing && channel.isActive();
    }

    /// Says goodbye after everything written before. The connection is cut when the other side does not answer in
    /// time.
    public void close(int code, String reason) {
        if (!isOpen()) {
            return;
        }
        byte[] text = CloseFrames.shortened(reason);
        ByteBuf room = room(FrameHead.MAX_BYTES + 2 + text.length);
        FrameHead.write(room, FrameHead.CLOSE, 2 + text.length);
        room.writeShort(code).writeBytes(text);
        closing = true;
        sendPage();
        channel.flush();
        var _ = channel.eventLoop().schedule(this::cut, limits.closeGrace().toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Ends the connection without a word.
    public void cut() {
        closing = true;
        release();
        var _ = channel.close();
    }

    /// Gives back what was gathered; to be called once when the connection is gone.
    void release() {
        if (page != null) {
            page.release();
            page = null;
        }
        backlog.release();
    }

    /// Any other message of text, whole.
    public void text(byte[] message) {
        if (!isOpen()) {
            return;
        }
        byte[] deflated = deflation == null ? null : deflation.message(message);
        if (deflated == null) {
            frame(FrameHead.TEXT, NOTHING, message, NOTHING);
        } else {
            frame(COMPRESSED_TEXT, NOTHING, deflated, NOTHING);
        }
    }

    private void frame(int opcode, byte[] head, byte[] body, byte[] end) {
        int length = head.length + body.length + end.length;
        boolean isLarge = body.length >= REFERRED_BYTES;
        ByteBuf room = room(FrameHead.MAX_BYTES + (isLarge ? head.length : length));
        FrameHead.write(room, opcode, length);
        room.writeBytes(head);
        if (isLarge) {
            sendPage();
            refer(body);
        } else {
            room.writeBytes(body);
        }
        if (end.length > 0) {
            room(end.length).writeBytes(end);
        }
        wrote();
    }

    private void wrote() {
        messagesInPage++;
        if (pageBytes() >= limits.pageBytes()) {
            sendPage();
        }
        if (unflushedBytes() >= Math.min(MOST_UNFLUSHED_BYTES, limits.maxPendingBytes())) {
            flush();
        } else if (!flushScheduled) {
            flushScheduled = true;
            turn.flushAtTheEnd(this);
        }
    }

    void flushAtEndOfTurn() {
        flushScheduled = false;
        flush();
    }

    private ByteBuf room(int bytes) {
        if (page == null) {
            page = channel.alloc().buffer(Math.max(bytes, FIRST_ROOM_BYTES));
        }
        return page;
    }

    private int pageBytes() {
        return page == null ? 0 : page.readableBytes();
    }

    private void sendPage() {
        if (messagesInPage > 0) {
            meter.messages(messagesInPage);
            messagesInPage = 0;
        }
        if (page != null) {
            ByteBuf full = page;
            page = null;
            send(full);
        }
    }

    private void send(ByteBuf bytes) {
        int length = bytes.readableBytes();
        backlog.sent(channel.write(bytes), length);
    }

    private void refer(byte[] body) {
        boolean isShared = turn.shares(body);
        backlog.sent(channel.write(turn.share(body, channel)), body, isShared);
    }
}
