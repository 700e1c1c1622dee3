package dev.rookery.gateway.subscription;

import dev.rookery.order.Position;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// What an operator sees of the gateway's live events.
final class FeedMeters {

    private final Counter deliveries;
    private final Counter links;
    private final Counter caughtUp;
    private final Counter gaveUp;
    private final Counter epochs;
    private final Counter ended;
    private final AtomicInteger linked;
    private final AtomicInteger held;
    private final AtomicLong heldBytes;
    private final MeterRegistry registry;

    FeedMeters(MeterRegistry registry) {
        this.registry = registry;
        deliveries = registry.counter("rookery.gateway.live.deliveries");
        links = registry.counter("rookery.gateway.live.links.opened");
        caughtUp = registry.counter("rookery.gateway.live.catchups", "outcome", "complete");
        gaveUp = registry.counter("rookery.gateway.live.catchups", "outcome", "given-up");
        epochs = registry.counter("rookery.gateway.live.epochs");
        ended = registry.counter("rookery.gateway.live.subscriptions.ended");
        linked = registry.gauge("rookery.gateway.live.linked", new AtomicInteger());
        held = registry.gauge("rookery.gateway.live.held", new AtomicInteger());
        heldBytes = registry.gauge("rookery.gateway.live.held.bytes", new AtomicLong());
    }

    /// @param last up to where everything has been told
    void stands(Supplier<Position> last) {
        Gauge.builder("rookery.gateway.live.seq", () -> last.get().seq()).register(registry);
        Gauge.builder("rookery.gateway.live.epoch", () -> last.get().epoch()).register(registry);
    }

    void holds(int frames, long bytes) {
        held.set(frames);
        heldBytes.set(bytes);
    }

    void enteredEpoch() {
        epochs.increment();
    }

    void linked() {
        linked.set(1);
        links.increment();
    }

    void unlinked() {
        linked.set(0);
    }

    /// What a new link did not bring has been told, if there was anything.
    void caughtUp() {
        caughtUp.increment();
    }

    /// All subscriptions have ended instead.
    void gaveUp() {
        gaveUp.increment();
    }

    void delivered(int recipients) {
        deliveries.increment(recipients);
    }

    void ended(int subscriptions) {
        ended.increment(subscriptions);
    }
}
