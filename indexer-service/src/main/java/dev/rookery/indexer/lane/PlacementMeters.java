package dev.rookery.indexer.lane;

import dev.rookery.indexer.lane.LanePlace.Misfit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/// What an operator sees of where lanes are read on.
final class PlacementMeters {

    private final MeterRegistry registry;
    private final String kind;
    private final Counter epochs;

    /// @param kind of the lanes, `live` or `bulk`
    PlacementMeters(MeterRegistry registry, String kind) {
        this.registry = registry;
        this.kind = kind;
        epochs = registry.counter("rookery.indexer.epochs.begun");
        for (Misfit reason : Misfit.values()) {
            registry.counter("rookery.indexer.lanes.misfits", "reason", reason.name());
        }
    }

    void show(Lanes lanes) {
        registry.gauge("rookery.indexer.lanes.placed", Tags.of("kind", kind), lanes, Lanes::count);
    }

    void misfit(Misfit reason) {
        registry.counter("rookery.indexer.lanes.misfits", "reason", reason.name())
                .increment();
    }

    /// This indexer found the database behind what was seen.
    void epochBegun() {
        epochs.increment();
    }
}
