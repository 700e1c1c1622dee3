package dev.rookery.broadcast.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What is measured of the links. Thread-safe.
public final class LinkMeters {

    private final Counter deliveries;
    private final Counter recipients;
    private final Counter fellBehind;
    private final Counter refused;
    private final Counter unreadable;
    private final Timer match;
    private final AtomicInteger links = new AtomicInteger();
    private final AtomicInteger registrations = new AtomicInteger();
    private final AtomicLong buffered = new AtomicLong();

    public LinkMeters(MeterRegistry registry) {
        deliveries = counter(registry, "rookery.broadcast.deliveries", "Events sent, counted once for each link");
        recipients = counter(registry, "rookery.broadcast.recipients", "Subscriptions that events were sent to");
        fellBehind = counter(registry, "rookery.broadcast.links.fell.behind", "Links cut because too much waited");
        refused = counter(registry, "rookery.broadcast.registrations.refused", "Registrations refused");
        unreadable = counter(registry, "rookery.broadcast.events.unreadable", "Sealed records that are no event");
        match = Timer.builder("rookery.broadcast.match")
                .description("Reading an event, finding its recipients, and handing it to their links")
                .register(registry);
        Gauge.builder("rookery.broadcast.links", links::get)
                .description("Open links")
                .register(registry);
        Gauge.builder("rookery.broadcast.registrations", registrations::get)
                .description("Subscriptions in the index")
                .register(registry);
        Gauge.builder("rookery.broadcast.link.buffered", buffered::get)
                .description("What waits for gateways, on all links")
                .baseUnit("bytes")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    void matched(long nanos) {
        match.record(nanos, TimeUnit.NANOSECONDS);
    }

    void delivered(int handles) {
        deliveries.increment();
        recipients.increment(handles);
    }

    void fellBehind() {
        fellBehind.increment();
    }

    void refused() {
        refused.increment();
    }

    void unreadable() {
        unreadable.increment();
    }

    void opened() {
        links.incrementAndGet();
    }

    void closed() {
        links.decrementAndGet();
    }

    void registrations(int more) {
        registrations.addAndGet(more);
    }

    void buffered(long more) {
        buffered.addAndGet(more);
    }
}
