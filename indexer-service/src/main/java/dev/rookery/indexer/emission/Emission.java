package dev.rookery.indexer.emission;

import dev.rookery.topics.BroadcastRecord;
import java.util.List;

/// What one row of the outbox has to emit.
///
/// @param records in the order of their positions; never empty
record Emission(long outboxRow, List<BroadcastRecord> records) {

    long lastSeq() {
        return records.getLast().position().seq();
    }
}
