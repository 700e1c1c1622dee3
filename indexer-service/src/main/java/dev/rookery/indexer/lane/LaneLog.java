package dev.rookery.indexer.lane;

import dev.rookery.event.Bytes32;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the log holds of a lane.
///
/// @param start the first offset there is
/// @param end the offset after the last record
/// @param leaderEpoch of the leader now
/// @param committed how far the lane is known to have been decided once, -1 for nothing known: the group's offset
/// @param lastDecided SHA-256 of the value of the record before the table's `decided`; null when none was looked at
/// @param divergence the end of the table's leader epoch in the log, if that lies below the table's `decided`
record LaneLog(
        UUID topicId,
        long start,
        long end,
        int leaderEpoch,
        long committed,
        @Nullable Bytes32 lastDecided,
        OptionalLong divergence) {

    LaneLog withCommitted(long offset) {
        return new LaneLog(topicId, start, end, leaderEpoch, offset, lastDecided, divergence);
    }

    LaneLog withLastDecided(Bytes32 digest) {
        return new LaneLog(topicId, start, end, leaderEpoch, committed, digest, divergence);
    }

    LaneLog withDivergence(long offset) {
        return new LaneLog(topicId, start, end, leaderEpoch, committed, lastDecided, OptionalLong.of(offset));
    }
}
