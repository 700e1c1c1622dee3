package dev.rookery.gateway.subscription;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/// What an operator sees of REQs: how long the stored part takes, and how often a view was behind.
final class JoinMeters {

    private final Timer joined;
    private final Counter askedAgain;
    private final Counter triedAgain;
    private final Counter gaveUp;

    JoinMeters(MeterRegistry registry) {
        joined = Timer.builder("rookery.gateway.req.joined")
                .description("from REQ to EOSE")
                .publishPercentileHistogram()
                .register(registry);
        askedAgain = registry.counter("rookery.gateway.req.asked.again");
        triedAgain = registry.counter("rookery.gateway.req.tried.again");
        gaveUp = registry.counter("rookery.gateway.req.timeouts");
    }

    void joined(long nanos) {
        joined.record(Duration.ofNanos(nanos));
    }

    void askedAgain() {
        askedAgain.increment();
    }

    /// Query-service could not be reached, or had too much to do.
    void triedAgain() {
        triedAgain.increment();
    }

    void gaveUp() {
        gaveUp.increment();
    }
}
