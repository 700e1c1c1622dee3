package dev.rookery.gateway.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// Counts what clients say. Thread-safe.
final class SessionMeters {

    final Counter event;
    final Counter req;
    final Counter close;
    final Counter auth;
    final Counter count;
    final Counter neg;
    final Counter malformed;
    private final MeterRegistry registry;

    SessionMeters(MeterRegistry registry) {
        this.registry = registry;
        event = received("EVENT");
        req = received("REQ");
        close = received("CLOSE");
        auth = received("AUTH");
        count = received("COUNT");
        neg = received("NEG");
        malformed = received("malformed");
    }

    private Counter received(String verb) {
        return registry.counter("rookery.gateway.messages.received", "verb", verb);
    }

    /// @param reason `connection.rate`, `address.rate`, `subscriptions`, `questions`, `connection.weight`,
    ///     `address.weight`
    void refused(String reason) {
        registry.counter("rookery.gateway.requests.refused", "reason", reason).increment();
    }
}
