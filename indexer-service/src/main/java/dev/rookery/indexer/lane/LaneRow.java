package dev.rookery.indexer.lane;

import dev.rookery.event.Bytes32;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the table says of a lane.
///
/// @param topicId Kafka's id of the topic, another one once it has been deleted and made again
/// @param decided the next offset to decide
/// @param leaderEpoch of the last record decided, -1 when not known
/// @param digest SHA-256 of the value of the last record decided; null when not known
record LaneRow(
        UUID topicId,
        long decided,
        int leaderEpoch,
        @Nullable Bytes32 digest) {}
