package dev.rookery.indexer.lane;

import dev.rookery.event.Bytes32;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/// A lane's step over the records of one batch.
///
/// @param from the next offset to decide before, as the table has it
/// @param to the next offset to decide after
/// @param leaderEpoch of the last record of the step, -1 when not known
/// @param digest SHA-256 of that record's value
public record LaneMove(TopicPartition lane, UUID topicId, long from, long to, int leaderEpoch, Bytes32 digest) {}
