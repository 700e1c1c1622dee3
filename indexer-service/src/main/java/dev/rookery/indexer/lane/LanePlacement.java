package dev.rookery.indexer.lane;

import dev.rookery.indexer.lane.LanePlace.Misfit;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.order.Position;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/// Places each lane that is assigned to this indexer where the table says, or where the log says when the two do
/// not fit.
///
/// It happens when lanes are assigned, and again when a transaction finds that the table is not where this indexer
/// thinks. Nothing is decided from a lane before. The consumer's thread only, which it holds up while a store is
/// out.
public final class LanePlacement implements ConsumerAwareRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(LanePlacement.class);
    private static final Duration TELL_WITHIN = Duration.ofSeconds(5);

    /// Who had the lanes before may be done with one batch more. Whoever goes on moving them has them.
    private static final int ATTEMPTS = 5;

    private final Parts parts;
    private final Lanes lanes;
    private final HighestSeen highest;
    private final PlacementMeters meters;

    /// The epoch in which all lanes of this indexer are placed, 0 before.
    private long epoch;

    private volatile boolean placed;
    private volatile Map<String, UUID> topicIds = Map.of();
    private volatile boolean doubtful;

    LanePlacement(Parts parts, Lanes lanes, HighestSeen highest, PlacementMeters meters) {
        this.parts = parts;
        this.lanes = lanes;
        this.highest = highest;
        this.meters = meters;
    }

    /// Where placement looks things up, and how it waits for that.
    record Parts(ProgressTable table, LaneProbe probe, HighestEmitted emitted, Patience patience) {}

    /// Whether this indexer has had its part of the lanes since it last lost it.
    public boolean isPlaced() {
        return placed;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
        if (place(consumer, Set.copyOf(assigned))) {
            placed = true;
        }
    }

    @Override
    public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> revoked) {
        lanes.forget(revoked);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> lost) {
        placed = false;
        lanes.forget(lost);
    }

    /// Whether the lanes have to start again from the table before anything more is decided.
    public boolean isDoubtful() {
        return doubtful;
    }

    /// A consumer reads on in a topic that was made again as if nothing had happened. Any thread's but the
    /// consumer's.
    void compareTopicIds() {
        Map<String, UUID> known = topicIds;
        if (!known.isEmpty() && !known.equals(parts.probe().topicIds(known.keySet()))) {
            doubtful = true;
        }
    }

    /// Starts all lanes again from the table.
    public void placeAgain(Consumer<?, ?> consumer) {
        if (place(consumer, consumer.assignment())) {
            placed = true;
        }
    }

    /// Has the consumer deliver again what it delivered and nobody decided. Asks nobody.
    public void rewind(Consumer<?, ?> consumer) {
        lanes.rows().forEach((lane, row) -> consumer.seek(lane, offset(row)));
    }

    /// Starts again from the table if that has gone back or a new epoch has begun since the lanes were placed. For
    /// quiet times: a decision finds out by itself.
    public void check(Consumer<?, ?> consumer) {
        if (lanes.count() == 0 && !doubtful) {
            return;
        }
        // In this order: another thread of this indexer may decide between the two.
        Position seen = highest.position();
        Position committed = parts.patience().untilDone(parts.table()::committed);
        if (doubtful || committed.epoch() != epoch || seen.isAfter(committed)) {
            LOG.warn("starting again: the database stands at {}, seen was {} in epoch {}", committed, seen, epoch);
            placeAgain(consumer);
        }
    }

    /// False when another indexer moves these lanes all the time, as it does when this one has slept and not been told
    /// yet that it has lost them: only the next poll tells. Nothing is decided until they are placed after it.
    private boolean place(Consumer<?, ?> consumer, Set<TopicPartition> wanted) {
        doubtful = false;
        if (wanted.isEmpty()) {
            return true;
        }
        lanes.forget(wanted);
        Placed found = parts.patience().untilDone(() -> places(wanted));
        found.places().forEach((lane, place) -> consumer.seek(lane, offset(place.row())));
        if (found.stand().isEmpty()) {
            LOG.warn("{} lanes are being moved by another indexer", wanted.size());
            doubtful = true;
            return false;
        }
        take(consumer, wanted, found.places(), found.stand().get().at().epoch());
        return true;
    }

    private void take(
            Consumer<?, ?> consumer,
            Set<TopicPartition> wanted,
            Map<TopicPartition, LanePlace> places,
            long placedEpoch) {
        places.forEach((lane, place) -> {
            place.misfit().ifPresent(misfit -> alert(lane, place, misfit));
            lanes.place(lane, place.row());
        });
        tellWhatWentBack(consumer, places);
        topicIds = lanes.topicIds();
        long former = epoch;
        epoch = placedEpoch;
        if (former != epoch && lanes.count() > wanted.size()) {
            // Those that were placed before belong to an epoch that is over.
            placeAgain(consumer);
        }
    }

    /// The group's offsets have borne witness. Left as they are, they would do so again at the next placement, and
    /// begin another epoch for nothing.
    private static void tellWhatWentBack(Consumer<?, ?> consumer, Map<TopicPartition, LanePlace> places) {
        Map<TopicPartition, OffsetAndMetadata> witnesses = new HashMap<>();
        places.forEach((lane, place) -> {
            if (place.committed() > place.row().decided()) {
                witnesses.put(lane, offset(place.row()));
            }
        });
        if (!witnesses.isEmpty()) {
            try {
                consumer.commitSync(witnesses, TELL_WITHIN);
            } catch (KafkaException failure) {
                LOG.warn("the group is told a little later: {}", failure.getMessage());
            }
        }
    }

    /// @param stand empty when the table has not taken the places
    private record Placed(Map<TopicPartition, LanePlace> places, Optional<ProgressTable.Stand> stand) {}

    private Placed places(Set<TopicPartition> wanted) {
        if (highest.position().equals(Position.NONE)) {
            highest.saw(parts.emitted().read());
        }
        for (int attempt = 1; ; attempt++) {
            Map<TopicPartition, LaneRow> rows = parts.table().rows();
            rows.keySet().retainAll(wanted);
            Map<TopicPartition, LanePlace> places = new HashMap<>();
            parts.probe()
                    .look(wanted, rows)
                    .forEach((lane, log) -> places.put(lane, LanePlace.of(rows.get(lane), log)));
            Optional<ProgressTable.Stand> stand = parts.table().place(highest.position(), places);
            stand.ifPresent(this::saw);
            if (stand.isPresent() || attempt == ATTEMPTS) {
                return new Placed(places, stand);
            }
        }
    }

    private void saw(ProgressTable.Stand stand) {
        if (stand.begun()) {
            meters.epochBegun();
        }
        highest.saw(stand.at());
    }

    private void alert(TopicPartition lane, LanePlace place, Misfit misfit) {
        LOG.error(
                "lane {} does not fit the database ({}): the database had decided up to {}, the log ends at {}; "
                        + "it goes on from {}",
                lane,
                misfit,
                place.found(),
                place.end(),
                place.row().decided());
        meters.misfit(misfit);
    }

    static OffsetAndMetadata offset(LaneRow row) {
        Optional<Integer> epoch = row.leaderEpoch() < 0 ? Optional.empty() : Optional.of(row.leaderEpoch());
        return new OffsetAndMetadata(row.decided(), epoch, "");
    }
}
