package dev.rookery.gateway.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;

/// Counts what all connections send. Thread-safe.
final class OutboundMeter {

    private final Counter messages;
    private final Counter bytes;
    private final Counter cutOff;

    OutboundMeter(MeterRegistry registry) {
        messages = registry.counter("rookery.gateway.outbound.messages");
        bytes = registry.counter("rookery.gateway.outbound.bytes");
        cutOff = registry.counter("rookery.gateway.outbound.cut.off");
    }

    /// A registry without any behind it counts nothing.
    static OutboundMeter uncounted() {
        return new OutboundMeter(new CompositeMeterRegistry());
    }

    /// So many messages and control frames went to the transport.
    void messages(int count) {
        messages.increment(count);
    }

    /// The transport has taken so many bytes.
    void sent(int count) {
        bytes.increment(count);
    }

    /// A client was cut off because it did not read.
    void cutOff() {
        cutOff.increment();
    }
}
