package dev.rookery.gateway.publish;

import dev.rookery.gateway.position.Reached;
import dev.rookery.topics.LogRecords;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/// What publishing works with, by what it is for.
public final class PublishParts {

    private PublishParts() {}

    /// @param gateway the id under which this gateway is told verdicts
    public record Logging(EventLog log, LogRecords records, String gateway) {}

    /// @param statuses whom to ask for verdicts that do not come
    /// @param verdicts where they come from
    public record Deciding(Reached reached, StatusSource statuses, VerdictSource verdicts) {}

    /// @param nanos as `System.nanoTime`
    public record Instruments(LongSupplier nanos, MeterRegistry registry) {}
}
