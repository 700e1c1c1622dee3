package dev.rookery.broadcast.feed;

import dev.rookery.order.OrderedFeed.Outcome;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// What is measured of the feed. Written on the owner's thread, but for `unsealed`; read by any.
public final class FeedMeters {

    private final Counter applied;
    private final Counter dropped;
    private final Counter held;
    private final Counter ended;
    private final Counter ephemeral;
    private final Counter unsealed;
    private final Counter asked;
    private final Counter gone;
    private final Counter afresh;
    private volatile Position last = Position.NONE;
    private volatile long behind;
    private volatile int heldBack;
    private volatile long heldBackBytes;

    public FeedMeters(MeterRegistry registry) {
        applied = records(registry, "applied");
        dropped = records(registry, "dropped");
        held = records(registry, "held");
        ended = records(registry, "ended");
        ephemeral = records(registry, "ephemeral");
        unsealed = records(registry, "unsealed");
        asked = Counter.builder("rookery.broadcast.gaps.asked")
                .description("Ranges asked from the database")
                .register(registry);
        gone = Counter.builder("rookery.broadcast.positions.gone")
                .description("Positions that neither the log nor the database has an event for")
                .register(registry);
        afresh = Counter.builder("rookery.broadcast.started.afresh")
                .description("Times that all links ended because the feed could not go on")
                .register(registry);
        Gauge.builder("rookery.broadcast.applied.seq", () -> last.seq())
                .description("The last position applied, within its epoch")
                .register(registry);
        Gauge.builder("rookery.broadcast.lag", () -> behind)
                .description("Positions known to be committed and not yet applied")
                .register(registry);
        Gauge.builder("rookery.broadcast.applied.epoch", () -> last.epoch())
                .description("The epoch of the last position applied")
                .register(registry);
        Gauge.builder("rookery.broadcast.held.back.size", () -> heldBackBytes)
                .description("What the records take that wait for a gap to close")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("rookery.broadcast.held.back", () -> heldBack)
                .description("Records that wait for a gap to close")
                .register(registry);
    }

    private static Counter records(MeterRegistry registry, String outcome) {
        return Counter.builder("rookery.broadcast.records")
                .description("Records of the log, by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }

    void offered(Outcome outcome) {
        Counter counter = switch (outcome) {
            case APPLIED -> applied;
            case DROPPED -> dropped;
            case HELD -> held;
            case ENDED -> ended;
        };
        counter.increment();
    }

    void ephemeral() {
        ephemeral.increment();
    }

    void unsealed() {
        unsealed.increment();
    }

    void asked() {
        asked.increment();
    }

    void gone(long positions) {
        gone.increment((double) positions);
    }

    void startedAfresh() {
        afresh.increment();
    }

    void stands(Position at, long positionsBehind, int recordsHeldBack, long bytesHeldBack) {
        last = at;
        behind = positionsBehind;
        heldBack = recordsHeldBack;
        heldBackBytes = bytesHeldBack;
    }
}
