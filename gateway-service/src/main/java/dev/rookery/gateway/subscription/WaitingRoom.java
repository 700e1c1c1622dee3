package dev.rookery.gateway.subscription;

import dev.rookery.gateway.subscription.LiveEvent.Kept;

/// Room for the live events that one client is behind with, those of all its subscriptions together: bounded in number
/// and in bytes, where one that waits for several of them counts for each, and by what all connections may take. And
/// whose turn it is to be sent them: not the turns of what is stored, which last as long as the store takes to answer.
/// Confined to the connection's event loop.
final class WaitingRoom {

    private final int most;
    private final long mostBytes;
    private final WaitingBudget budget;
    private final Turns turns;
    private int events;
    private long bytes;

    WaitingRoom(SubscriptionProperties properties, WaitingBudget budget, Turns turns) {
        this.most = properties.maxWaiting();
        this.mostBytes = properties.maxWaitingSize().toBytes();
        this.budget = budget;
        this.turns = turns;
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
        return true;
    }

    void giveBack(Kept event) {
        events--;
        bytes -= event.json().length;
        budget.giveBack(event);
    }
}
