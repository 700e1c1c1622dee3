package dev.rookery.indexer.lane;

import dev.rookery.indexer.lane.LanePlace.Misfit;
import dev.rookery.indexer.lane.LanePlaces.Placed;
import dev.rookery.indexer.outage.Patience;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/// Places the lanes that are assigned to this indexer where the table says, or where the log says when the two do
/// not fit: always all of them, so that they are of one epoch and of the same topics.
///
/// It happens when lanes are assigned, and again when a transaction finds that the table is not where this indexer
/// thinks. Nothing is decided from any lane before. The consumer's thread only, which it holds up while a store is
/// out.
public final class LanePlacement implements ConsumerAwareRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(LanePlacement.class);

    private final LanePlaces places;
    private final Lanes lanes;
    private final Patience patience;
    private final PlacementMeters meters;

    /// The epoch in which all lanes of this indexer are placed, 0 before.
    private long epoch;

    /// What the table was told of in that epoch.
    private Map<TopicPartition, LaneGap> passed = Map.of();

    private volatile boolean assigned;
    /// Lanes of this indexer are not placed: its own thread knows of it.
    private volatile boolean unplaced;
    /// Others have seen that the lanes are not what they were.
    private volatile boolean doubtful;

    private volatile Map<String, UUID> topicIds = Map.of();

    LanePlacement(LanePlaces places, Lanes lanes, Patience patience, PlacementMeters meters) {
        this.places = places;
        this.lanes = lanes;
        this.patience = patience;
        this.meters = meters;
    }

    /// Whether this indexer has had its part of the lanes since it last lost it, and all of them are placed.
    public boolean isPlaced() {
        return assigned && !unplaced;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> added) {
        unplaced |= !added.isEmpty();
        assigned = true;
        if (unplaced) {
            placeAgain(consumer);
        }
    }

    @Override
    public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> revoked) {
        lanes.forget(revoked);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> lost) {
        assigned = false;
        lanes.forget(lost);
    }

    /// Whether the lanes have to start again from the table before anything more is decided.
    public boolean isDoubtful() {
        return doubtful || unplaced;
    }

    /// The lanes are to start again from the table. Any thread's.
    void doubt() {
        doubtful = true;
    }

    /// Decides nothing more from any lane until it has been placed again. For when it is not known what has happened.
    public void suspend(Consumer<?, ?> consumer) {
        unplaced = true;
        lanes.suspend(consumer.assignment());
    }

    /// A consumer reads on in a topic that was made again as if nothing had happened. Any thread's but the
    /// consumer's.
    void compareTopicIds() {
        Map<String, UUID> known = topicIds;
        if (!known.isEmpty() && !known.equals(places.topicIds(known.keySet()))) {
            doubt();
        }
    }

    /// Starts all lanes again from the table. Those that cannot be placed now, because another indexer moves them, stay
    /// suspended until the next time.
    public void placeAgain(Consumer<?, ?> consumer) {
        Set<TopicPartition> all = consumer.assignment();
        doubtful = false;
        unplaced = !all.isEmpty();
        if (unplaced) {
            place(consumer, all);
        }
    }

    /// Has the consumer deliver again what it delivered and nobody decided. Asks nobody.
    public void rewind(Consumer<?, ?> consumer) {
        lanes.rows().forEach((lane, row) -> consumer.seek(lane, row.decided()));
    }

    /// Starts again from the table if that has gone back or a new epoch has begun since the lanes were placed; else
    /// tells it where a lane ends in no record. For quiet times: a decision finds out by itself.
    public void check(Consumer<?, ?> consumer) {
        if (isDoubtful() || (lanes.count() > 0 && !patience.untilDone(() -> places.stands(epoch)))) {
            LOG.warn("starting again from the table");
            placeAgain(consumer);
        } else {
            pass(consumer);
        }
    }

    private void pass(Consumer<?, ?> consumer) {
        Map<TopicPartition, LaneGap> gaps = lanes.gaps(consumer::position);
        if (!gaps.equals(passed)) {
            patience.untilDone(() -> places.pass(gaps));
            passed = gaps;
        }
    }

    private void place(Consumer<?, ?> consumer, Set<TopicPartition> all) {
        lanes.suspend(all);
        Placed found = patience.untilDone(() -> places.place(consumer, all, lanes.remembered()));
        // Without the leader epoch: the histories have just been compared, and one that differs in its epochs alone
        // would end each poll.
        found.places().forEach((lane, place) -> consumer.seek(lane, place.row().decided()));
        if (found.epoch().isPresent()) {
            take(found.places(), found.epoch().get());
        } else {
            LOG.info("lanes were moved by another indexer meanwhile");
        }
    }

    private void take(Map<TopicPartition, LanePlace> taken, long inEpoch) {
        taken.forEach((lane, place) -> {
            place.misfit().ifPresent(misfit -> alert(lane, place, misfit));
            lanes.place(lane, place.row());
        });
        topicIds = lanes.topicIds();
        epoch = inEpoch;
        passed = Map.of();
        unplaced = false;
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
}
