package dev.rookery.gateway.connection;

import dev.rookery.gateway.limits.GivingWay;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/// What all clients of a gateway have been sent and have not taken. Each is bounded by itself, but many that take a
/// little now and then hold much together, in memory that lies beside the heap and is needed by all. Thread-safe.
final class Backlogs {

    private final long most;
    private final AtomicLong held;
    private final GivingWay holders = new GivingWay();

    /// @param most bytes, beyond which one connection gives way
    Backlogs(long most, MeterRegistry registry) {
        this.most = most;
        this.held = registry.gauge("rookery.gateway.outbound.pending.bytes", new AtomicLong());
    }

    static Backlogs unbounded() {
        return new Backlogs(Long.MAX_VALUE, new CompositeMeterRegistry());
    }

    /// One holds another number of bytes now.
    void changed(Backlog one, long before, long now) {
        if (before == 0) {
            holders.add(one);
        } else if (now == 0) {
            holders.remove(one);
        }
        long all = held.addAndGet(now - before);
        if (now > before) {
            holders.makeRoom(all, most);
        }
    }
}
