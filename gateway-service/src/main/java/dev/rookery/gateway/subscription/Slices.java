package dev.rookery.gateway.subscription;

import dev.rookery.gateway.connection.Outbound;

/// How fast a subscription is sent what waits for its client: a slice, and the next one when the client has taken all
/// that was sent. Confined to the connection's event loop.
final class Slices {

    private final Outbound out;
    private final long size;
    private final Runnable next;
    private long room;

    /// @param size in bytes
    /// @param next called when the next slice may be sent
    Slices(Outbound out, long size, Runnable next) {
        this.out = out;
        this.size = size;
        this.next = next;
        this.room = size;
    }

    /// Whether more may be sent now. Other subscriptions of the client may have been sent so much that it may not.
    boolean isOpen() {
        if (room > 0 && out.isBehind()) {
            goOnWhenTaken();
        }
        return room > 0;
    }

    void spend(int bytes) {
        room -= bytes;
        if (room <= 0) {
            goOnWhenTaken();
        }
    }

    /// Nothing more, before it is said when to go on.
    void stop() {
        room = 0;
    }

    void goOnWhenTaken() {
        room = 0;
        out.whenFlushed(() -> out.executor().execute(this::begin));
    }

    private void begin() {
        room = size;
        next.run();
    }
}
