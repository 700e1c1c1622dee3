package dev.rookery.gateway.subscription;

import dev.rookery.gateway.connection.Outbound;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/// Whose turn it is, of one connection's subscriptions, to be sent much: what is stored, or what it is behind with. A
/// few at a time, in the order in which they asked for it. A turn lasts until all that was sent in it has been taken by
/// the client, so that one that reads slowly holds no more of query-service, and of memory here, than so many answers
/// take. Confined to the connection's event loop.
///
/// A REQ that waits has neither been registered nor asked for anything, so nothing is promised to it yet, nothing needs
/// to be held for it, and its join begins as that of a REQ that comes later.
final class Turns {

    private final Outbound out;
    private final int most;
    private final Set<Subscription> taken = new HashSet<>();
    private final SequencedSet<Subscription> waiting = new LinkedHashSet<>();
    /// Turns of which not all has been taken by the client, those that have been ended included.
    private int underWay;

    /// @param most at a time
    Turns(Outbound out, int most) {
        this.out = out;
        this.most = most;
    }

    /// The subscription begins now, or when it is its turn.
    void await(Subscription subscription) {
        waiting.add(subscription);
        goOn();
    }

    /// It has sent all that it will in its turn, if it ever had one.
    void end(Subscription subscription) {
        if (!waiting.remove(subscription) && taken.remove(subscription)) {
            out.whenFlushed(() -> {
                underWay--;
                goOn();
            });
        }
    }

    /// In the order of their turns.
    List<Subscription> waiting() {
        return List.copyOf(waiting);
    }

    /// Nobody has a turn any more who has not yet.
    void endAll() {
        waiting.clear();
    }

    private void goOn() {
        while (underWay < most && !waiting.isEmpty()) {
            Subscription next = waiting.removeFirst();
            taken.add(next);
            underWay++;
            next.begin();
        }
    }
}
