package dev.rookery.indexer.lane;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where a lane is read on.
///
/// @param row what the table is to say; its `decided` is the next offset to read
/// @param found the offset that the table said before, -1 for none
/// @param committed how far the lane was decided once, -1 where nothing is known: the table must not be behind it
/// @param end the lane's end in the log at this time
/// @param misfit why the offset is not what the table said
record LanePlace(LaneRow row, long found, long committed, long end, Optional<Misfit> misfit) {

    private static final int NO_EPOCH = -1;

    /// Why a table and a log that are each what they were do not fit each other.
    enum Misfit {
        TOPIC_RECREATED,
        LOG_BEHIND,
        OTHER_RECORDS,
        RECORDS_EXPIRED
    }

    /// Compares what the table and the log say. A lane that does not fit goes on from the end of what both have
    /// in common where that is known, else from the log's start and never from its end: events decided again are
    /// known.
    static LanePlace of(@Nullable LaneRow row, LaneLog log) {
        if (row == null) {
            return new LanePlace(at(log.topicId(), log.start()), -1, log.committed(), log.end(), Optional.empty());
        }
        if (!row.topicId().equals(log.topicId())) {
            // The group's offsets were those of the former topic.
            LaneRow start = at(log.topicId(), log.start());
            Optional<Misfit> misfit = row.decided() == 0 ? Optional.empty() : Optional.of(Misfit.TOPIC_RECREATED);
            return new LanePlace(start, row.decided(), -1, log.end(), misfit);
        }
        Optional<Misfit> misfit = misfit(row, log);
        LaneRow place = misfit.isEmpty() ? row : at(log.topicId(), commonEnd(row, log));
        return new LanePlace(place, row.decided(), log.committed(), log.end(), misfit);
    }

    private static Optional<Misfit> misfit(LaneRow row, LaneLog log) {
        if (row.decided() > log.end() || log.divergence().isPresent()) {
            return Optional.of(Misfit.LOG_BEHIND);
        }
        if (row.decided() < log.start()) {
            return Optional.of(Misfit.RECORDS_EXPIRED);
        }
        boolean same = log.lastDecided() == null
                || row.digest() == null
                || log.lastDecided().equals(row.digest());
        return same ? Optional.empty() : Optional.of(Misfit.OTHER_RECORDS);
    }

    /// The end of the row's leader epoch is the end of what both have in common, once there is a later epoch. As
    /// long as there is none it is only the end of the log, and what is there may be of another history.
    private static long commonEnd(LaneRow row, LaneLog log) {
        return log.leaderEpoch() > row.leaderEpoch() ? log.divergence().orElse(log.start()) : log.start();
    }

    private static LaneRow at(UUID topicId, long offset) {
        return new LaneRow(topicId, offset, NO_EPOCH, null);
    }
}
