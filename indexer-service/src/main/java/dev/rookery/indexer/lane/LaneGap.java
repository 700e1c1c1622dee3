package dev.rookery.indexer.lane;

import java.util.UUID;

/// Offsets of a lane that no record has: where a transaction of its producer ends there is one.
///
/// @param from the next offset to decide, as the table has it
/// @param to where the consumer has come to without a record
record LaneGap(UUID topicId, long from, long to) {}
