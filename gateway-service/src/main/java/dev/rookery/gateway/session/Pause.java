package dev.rookery.gateway.session;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/// Has a client wait that goes on too fast: what it sends has to be inflated and read before it can be refused, and so
/// costs almost as much as what is answered. Confined to the connection's event loop.
final class Pause {

    private static final long MILLIS = 100;

    private final EventExecutor loop;
    private final Runnable readOn;
    private boolean begun;

    /// @param readOn called when it is over
    Pause(EventExecutor loop, Runnable readOn) {
        this.loop = loop;
        this.readOn = readOn;
    }

    /// From now on, unless one has begun already.
    void begin() {
        if (!begun) {
            begun = true;
            var _ = loop.schedule(this::end, MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    boolean isOver() {
        return !begun;
    }

    private void end() {
        begun = false;
        readOn.run();
    }
}
