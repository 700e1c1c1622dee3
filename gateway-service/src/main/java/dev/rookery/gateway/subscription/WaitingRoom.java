package dev.rookery.gateway.subscription;

import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.limits.GivingWay;
import dev.rookery.gateway.subscription.LiveEvent.Kept;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Room for what waits for one client, for all its subscriptions together. Live events that it is behind with are
/// bounded in number and in bytes, where one that waits for several of them counts for each, and by what all
/// connections may take; stored ones by what is asked for at a time. And whose turn it is to be sent live ones: not the
/// turns of what is stored, which last as long as the store takes to answer.
///
/// Confined to the connection's event loop, but for what the budget of all connections asks.
final class WaitingRoom implements GivingWay.Holder {

    private final int most;
    private final long mostBytes;
    private final WaitingBudget budget;
    private final Turns turns;
    private final Owner owner;
    private final AtomicLong held = new AtomicLong();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private Runnable endAll = () -> {};
    private int events;
    private long bytes;

    /// Whose it is.
    ///
    /// @param loop the connection's
    record Owner(AddressBlock address, Executor loop) {}

    WaitingRoom(SubscriptionProperties properties, WaitingBudget budget, Turns turns, Owner owner) {
        this.most = properties.maxWaiting();
        this.mostBytes = properties.maxWaitingSize().toBytes();
        this.budget = budget;
        this.turns = turns;
        this.owner = owner;
    }

    /// @param endAll ends, on the loop, whatever holds anything here
    void whenToLeave(Runnable endAll) {
        this.endAll = endAll;
    }

    Turns turns() {
        return turns;
    }

    /// False when there is no room for it.
    boolean take(Kept event) {
        int size = event.json().length;
        if (events >= most || bytes + size > mostBytes || !budget.take(event)) {
            return false;
        }
        events++;
        bytes += size;
        hold(size);
        return true;
    }

    void giveBack(Kept event) {
        int size = event.json().length;
        events--;
        bytes -= size;
        budget.giveBack(event);
        hold(-size);
    }

    /// So much of a stored answer has come.
    void take(long stored) {
        hold(stored);
        budget.take(stored);
    }

    void giveBack(long stored) {
        budget.giveBack(stored);
        hold(-stored);
    }

    /// Whether those who ask should ask for little at a time.
    boolean isTight() {
        return budget.isHalfTaken();
    }

    private void hold(long more) {
        long now = held.addAndGet(more);
        if (now > 0 && now == more) {
            budget.entered(this);
        } else if (now == 0) {
            budget.left(this);
        }
    }

    @Override
    public AddressBlock address() {
        return owner.address();
    }

    /// What is held here, an event that several keep for each of them.
    @Override
    public long held() {
        return held.get();
    }

    @Override
    public boolean beginLeaving() {
        return leaving.compareAndSet(false, true);
    }

    /// Has all that holds anything here end.
    @Override
    public void leave(Runnable then) {
        owner.loop().execute(() -> {
            try {
                endAll.run();
            } finally {
                leaving.set(false);
                then.run();
            }
        });
    }
}
