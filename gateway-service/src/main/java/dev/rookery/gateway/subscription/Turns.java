package dev.rookery.gateway.subscription;

import dev.rookery.gateway.connection.Outbound;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.Set;

/// Whose turn it is, of one connection's subscriptions, to be given what is stored: a few at a time, in the order of
/// their REQs. A turn lasts until all that was sent in it has been taken by the client, so that one that reads slowly
/// holds no more of query-service, and of memory here, than so many answers take. Confined to the connection's event
/// loop.
///
/// Whoever waits has neither been registered nor asked for anything, so nothing is promised to it yet, nothing needs
/// to be held for it, and its join begins as that of a REQ that comes later.
final class Turns {

    private final Outbound out;
    private final int most;
    private final Set<Subscription> taken = new HashSet<>();
    private final SequencedSet<Subscription> waiting = new LinkedHashSet<>();

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

    /// It has sent all that it will, whether or not it ever had its turn.
    void end(Subscription subscription) {
        if (!waiting.remove(subscription)) {
            out.whenFlushed(() -> {
                taken.remove(subscription);
                goOn();
            });
        }
    }

    /// Nobody has a turn any more who has not yet.
    void endAll() {
        waiting.clear();
    }

    private void goOn() {
        while (taken.size() < most && !waiting.isEmpty()) {
            Subscription next = waiting.removeFirst();
            taken.add(next);
            next.begin();
        }
    }
}
