package dev.rookery.gateway.publish;

import dev.rookery.message.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/// Counts and times each step of the way. Of the events received, each is refused, joined to one that is pending, known
/// to be stored, or submitted; of the submitted, each is refused, joined, or logged; each is answered once:
///
/// received = refused + joined + known + logged + not logged.
final class PublishMeters {

    private final MeterRegistry registry;
    private final Counter received;
    private final Counter joined;
    private final Counter asks;
    private final Counter failedAsks;
    private final Counter ignored;
    private final Counter known;
    private final Counter notKnown;
    private final Counter heard;
    private final Counter toldWhenAsked;
    private final Counter provisional;
    private final Timer queue;
    private final Timer check;
    private final Timer log;
    private final Timer verdict;

    PublishMeters(MeterRegistry registry) {
        this.registry = registry;
        received = registry.counter("rookery.gateway.events.received");
        joined = registry.counter("rookery.gateway.events.joined");
        asks = registry.counter("rookery.gateway.status.questions");
        failedAsks = registry.counter("rookery.gateway.status.failures");
        ignored = registry.counter("rookery.gateway.verdicts.ignored");
        known = registry.counter("rookery.gateway.events.known", "found", "stored");
        notKnown = registry.counter("rookery.gateway.events.known", "found", "not-stored");
        heard = registry.counter("rookery.gateway.verdicts", "way", "heard");
        toldWhenAsked = registry.counter("rookery.gateway.verdicts", "way", "asked");
        provisional = registry.counter("rookery.gateway.events.provisional");
        queue = registry.timer("rookery.gateway.signature.wait");
        check = registry.timer("rookery.gateway.signature.check");
        log = registry.timer("rookery.gateway.log.time");
        verdict = registry.timer("rookery.gateway.verdict.time");
    }

    /// Of what nothing else may hold: the registry does.
    void gauge(String name, IntSupplier value) {
        Gauge.builder(name, value::getAsInt).register(registry);
    }

    void received() {
        received.increment();
    }

    void joined() {
        joined.increment();
    }

    /// @param step where: `policy`, `rate`, `overload`, `lag`, `signature`, `log`
    void refused(String step, Verdict.Refused refusal) {
        String prefix = refusal.prefix().name().toLowerCase(Locale.ROOT);
        registry.counter("rookery.gateway.events.refused", "step", step, "prefix", prefix)
                .increment();
    }

    /// From the socket to the beginning of the signature check, and that check alone.
    void checked(long waited, long took) {
        queue.record(waited, TimeUnit.NANOSECONDS);
        check.record(took, TimeUnit.NANOSECONDS);
    }

    /// From there to the broker's acknowledgement.
    void logged(long nanos) {
        log.record(nanos, TimeUnit.NANOSECONDS);
    }

    /// From the socket to the verdict, by whichever way it came.
    ///
    /// @param asked whether it had to be asked for
    void decided(long nanos, boolean asked) {
        verdict.record(Duration.ofNanos(nanos));
        (asked ? toldWhenAsked : heard).increment();
    }

    /// An event that was guessed to be stored, and is.
    void known() {
        known.increment();
    }

    /// An event that was guessed to be stored, and goes the full way all the same.
    void notKnown() {
        notKnown.increment();
    }

    void asked(int questions) {
        asks.increment(questions);
    }

    void askFailed() {
        failedAsks.increment();
    }

    void ignored() {
        ignored.increment();
    }

    void provisional() {
        provisional.increment();
    }
}
