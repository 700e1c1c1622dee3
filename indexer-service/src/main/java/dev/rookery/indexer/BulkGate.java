package dev.rookery.indexer;

import dev.rookery.indexer.emission.Outbox;
import dev.rookery.indexer.lane.LiveLag;
import dev.rookery.indexer.lane.Recurrence;
import dev.rookery.indexer.outage.StoreUnavailableException;
import org.apache.kafka.clients.consumer.Consumer;

/// Whether anything of `nostr.bulk` may be decided now: while little of `nostr.index` waits, and half of the outbox is
/// free. One thread, that of the bulk consumer.
final class BulkGate {

    private final LiveLag lag;
    private final Outbox outbox;
    private final BulkProperties properties;
    private final Recurrence measuring;
    private boolean open;

    BulkGate(LiveLag lag, Outbox outbox, BulkProperties properties) {
        this.lag = lag;
        this.outbox = outbox;
        this.properties = properties;
        this.measuring = new Recurrence(properties.measureEvery());
    }

    /// As of the last measurement, which is made again when it is old. Closed while the lag cannot be measured.
    boolean isOpen(Consumer<?, ?> consumer) {
        if (measuring.isDue()) {
            open = measure(consumer);
        }
        return open && !outbox.isHalfFull();
    }

    private boolean measure(Consumer<?, ?> consumer) {
        try {
            return lag.measure(consumer) <= properties.maxLiveLag();
        } catch (StoreUnavailableException unknown) {
            return false;
        }
    }
}
