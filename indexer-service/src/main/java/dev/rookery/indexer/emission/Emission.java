package dev.rookery.indexer.emission;

import dev.rookery.topics.BroadcastRecord;
import java.util.List;

/// What one row of the outbox has to emit.
///
/// @param records in the order of their positions; never empty
record Emission(long outboxRow, List<BroadcastRecord> records) {

    /// Of its events.
    long bytes() {
        return records.stream()
                .map(BroadcastRecord::json)
                .mapToLong(json -> json == null ? 0 : json.length)
                .sum();
    }

    long epoch() {
        return records.getFirst().position().epoch();
    }

    long lastSeq() {
        return records.getLast().position().seq();
    }
}
