package dev.rookery.gateway.subscription;

import dev.rookery.gateway.limits.GivingWay;
import dev.rookery.gateway.subscription.LiveEvent.Kept;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.util.unit.DataSize;

/// How much memory all takes that waits for clients, those of all connections of a gateway together: what has come of
/// stored answers, and live events, an event once, however many subscriptions keep it, and a place for each of them.
/// Thread-safe.
///
/// An event that many wait for counts once because it is in memory once: where all clients come back at the same time,
/// as after a restart, each of them waits for the same few.
///
/// Beyond three quarters of the bound one connection gives way.
final class WaitingBudget {

    /// What one of them takes in the queue of a subscription, room to grow included.
    private static final int PLACE_COST = 16;

    /// What an event takes beside its JSON.
    private static final int EVENT_COST = 128;

    private final long most;
    private final AtomicLong taken;
    private final GivingWay rooms = new GivingWay();

    WaitingBudget(DataSize most, MeterRegistry registry) {
        this.most = most.toBytes();
        this.taken = registry.gauge("rookery.gateway.waiting.bytes", new AtomicLong());
    }

    /// One more subscription keeps the event, unless there is no room for that: then it is false.
    boolean take(Kept event) {
        boolean first = event.keepers().getAndIncrement() == 0;
        if (taken.addAndGet(cost(event, first)) <= most) {
            makeRoom();
            return true;
        }
        giveBack(event);
        return false;
    }

    /// One that kept the event does so no longer.
    void giveBack(Kept event) {
        boolean last = event.keepers().decrementAndGet() == 0;
        taken.addAndGet(-cost(event, last));
    }

    private static long cost(Kept event, boolean alone) {
        return PLACE_COST + (alone ? EVENT_COST + event.json().length : 0L);
    }

    /// So much of a stored answer has come.
    void take(long bytes) {
        taken.addAndGet(bytes);
        makeRoom();
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    /// Whether those who ask should ask for little at a time.
    boolean isHalfTaken() {
        return taken.get() > most / 2;
    }

    /// The room holds something.
    void entered(WaitingRoom room) {
        rooms.add(room);
    }

    /// The room holds nothing.
    void left(WaitingRoom room) {
        rooms.remove(room);
    }

    private void makeRoom() {
        rooms.makeRoom(taken.get(), most / 4 * 3);
    }
}
