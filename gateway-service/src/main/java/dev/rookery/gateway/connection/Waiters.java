package dev.rookery.gateway.connection;

import java.util.ArrayDeque;
import java.util.Queue;

/// Who waits for the transport to take what was written up to some byte, in that order. Confined to the connection's
/// event loop.
final class Waiters {

    private final Queue<Waiter> waiting = new ArrayDeque<>(0);

    private record Waiter(long until, Runnable then) {}

    void add(long until, Runnable then) {
        waiting.add(new Waiter(until, then));
    }

    /// Runs those whose bytes have been taken.
    void taken(long bytes) {
        for (Waiter next = waiting.peek(); next != null && next.until() <= bytes; next = waiting.peek()) {
            waiting.remove();
            next.then().run();
        }
    }

    void clear() {
        waiting.clear();
    }
}
