package dev.rookery.gateway.connection;

import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.limits.GivingWay;
import io.netty.channel.ChannelFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/// What one client has been sent and has not taken, and how much memory that takes for it alone: a body that goes to
/// many lies there once, for the first of them. Confined to the connection's event loop, but for what those of all
/// clients ask.
final class Backlog implements GivingWay.Holder {

    private final LoopShare shared;
    private final AddressBlock address;
    private final Executor loop;
    private final Runnable cut;
    private final ReferredBytes referred = new ReferredBytes();
    private final Waiters waiters = new Waiters();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private long written;
    private long taken;
    /// Of what is not taken, that which takes memory for this client alone.
    private long own;
    /// As much of that as the others know of.
    private volatile long held;

    /// @param loop the connection's
    /// @param cut ends the connection
    Backlog(LoopShare shared, AddressBlock address, Executor loop, Runnable cut) {
        this.shared = shared;
        this.address = address;
        this.loop = loop;
        this.cut = cut;
    }

    /// A page was written.
    void sent(ChannelFuture sent, int length) {
        sent(sent, length, length);
    }

    /// A body was written that others may be sent too.
    ///
    /// @param isShared whether it lies there for somebody else already
    void sent(ChannelFuture sent, byte[] body, boolean isShared) {
        ReferredBytes.Body underWay = referred.refer(body);
        sent(sent.addListener(done -> underWay.taken()), body.length, isShared ? 0 : body.length);
    }

    private void sent(ChannelFuture sent, int length, int alone) {
        written += length;
        own += alone;
        var _ = sent.addListener(done -> {
            taken += length;
            own -= alone;
            shared.meter().sent(length);
            if (held > 0) {
                tell();
            }
            if (done.isSuccess()) {
                waiters.taken(taken);
            }
        });
    }

    /// The transport has taken what it can. Of most clients that is all, and nobody else hears of it.
    void flushed() {
        if (own != held) {
            tell();
        }
    }

    private void tell() {
        long before = held;
        held = own;
        shared.backlogs().changed(this, before, own);
    }

    /// Bytes since the connection began.
    long written() {
        return written;
    }

    /// Bytes since the connection began.
    long taken() {
        return taken;
    }

    /// Bytes that take no memory, of those not taken.
    long spared() {
        return referred.spared();
    }

    /// Runs when so many bytes have been taken since the connection began, at once when they have been.
    void whenTaken(long bytes, Runnable then) {
        if (taken >= bytes) {
            then.run();
        } else {
            waiters.add(bytes, then);
        }
    }

    /// Nobody waits any more.
    void release() {
        waiters.clear();
    }

    /// More than a client may leave untaken, or than all may.
    void cutOff() {
        shared.meter().cutOff();
        cut.run();
    }

    @Override
    public AddressBlock address() {
        return address;
    }

    @Override
    public long held() {
        return held;
    }

    @Override
    public boolean beginLeaving() {
        return leaving.compareAndSet(false, true);
    }

    @Override
    public void leave(Runnable then) {
        loop.execute(() -> {
            cutOff();
            then.run();
        });
    }
}
