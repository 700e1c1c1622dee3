package dev.rookery.gateway.subscription;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/// What an operator sees of the gateway's live events.
final class FeedMeters {

    private final Counter deliveries;
    private final Counter links;
    private final Counter catchUps;
    private final Counter ended;
    private final AtomicInteger linked;

    FeedMeters(MeterRegistry registry) {
        deliveries = registry.counter("rookery.gateway.live.deliveries");
        links = registry.counter("rookery.gateway.live.links.opened");
        catchUps = registry.counter("rookery.gateway.live.catchups");
        ended = registry.counter("rookery.gateway.live.subscriptions.ended");
        linked = registry.gauge("rookery.gateway.live.linked", new AtomicInteger());
    }

    void linked() {
        linked.set(1);
        links.increment();
    }

    void unlinked() {
        linked.set(0);
    }

    void caughtUp() {
        catchUps.increment();
    }

    void delivered(int recipients) {
        deliveries.increment(recipients);
    }

    void ended(int subscriptions) {
        ended.increment(subscriptions);
    }
}
