package dev.rookery.indexer.lane;

import dev.rookery.indexer.lane.LanePlace.Misfit;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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

    private final Lanes lanes;
    private final ProgressTable table;
    private final LaneProbe probe;
    private final HighestEmitted emitted;
    private final HighestSeen highest;
    private final Patience patience;
    private final MeterRegistry meters;

    private volatile boolean placed;
    private volatile Map<String, UUID> topicIds = Map.of();
    private volatile boolean doubtful;

    LanePlacement(Parts parts, Lanes lanes, HighestSeen highest, Patience patience, MeterRegistry meters) {
        this.lanes = lanes;
        this.table = parts.table();
        this.probe = parts.probe();
        this.emitted = parts.emitted();
        this.highest = highest;
        this.patience = patience;
        this.meters = meters;
        meters.gauge("rookery.indexer.lanes.placed", lanes, l -> l.count());
        meters.gauge("rookery.indexer.epoch", highest, h -> h.position().epoch());
        meters.gauge("rookery.indexer.seq.decided", highest, h -> h.position().seq());
    }

    /// Where placement looks things up.
    record Parts(ProgressTable table, LaneProbe probe, HighestEmitted emitted) {}

    /// Whether this indexer has had its part of the lanes since it last lost it.
    public boolean isPlaced() {
        return placed;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
        place(consumer, Set.copyOf(assigned));
        placed = true;
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
        if (!known.isEmpty() && !known.equals(probe.topicIds(known.keySet()))) {
            doubtful = true;
        }
    }

    /// Starts all lanes again from the table.
    public void placeAgain(Consumer<?, ?> consumer) {
        place(consumer, consumer.assignment());
    }

    /// Starts again from the table if that has gone back or another indexer has begun a new epoch. For quiet times:
    /// a decision finds out by itself.
    public void check(Consumer<?, ?> consumer) {
        Position committed = patience.untilDone(table::committed);
        Position seen = highest.position();
        if (doubtful || committed.epoch() != seen.epoch() || seen.isAfter(committed)) {
            LOG.warn("starting again: the database stands at {}, seen was {}", committed, seen);
            placeAgain(consumer);
        }
    }

    private void place(Consumer<?, ?> consumer, Set<TopicPartition> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        doubtful = false;
        lanes.forget(wanted);
        Map<TopicPartition, LanePlace> places = patience.untilDone(() -> places(wanted));
        places.forEach((lane, place) -> {
            place.misfit().ifPresent(misfit -> alert(lane, place, misfit));
            lanes.place(lane, place.row());
            consumer.seek(lane, offset(place.row()));
        });
        topicIds = lanes.topicIds();
    }

    private Map<TopicPartition, LanePlace> places(Set<TopicPartition> wanted) {
        if (highest.position().equals(Position.NONE)) {
            highest.saw(emitted.read());
        }
        while (true) {
            Map<TopicPartition, LaneRow> rows = table.rows();
            rows.keySet().retainAll(wanted);
            Map<TopicPartition, LanePlace> places = new HashMap<>();
            probe.look(wanted, rows).forEach((lane, log) -> places.put(lane, LanePlace.of(rows.get(lane), log)));
            Optional<Position> stands = table.place(highest.position(), places);
            if (stands.isPresent()) {
                highest.saw(stands.get());
                return places;
            }
        }
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
        meters.counter("rookery.indexer.lanes.misfits", "reason", misfit.name()).increment();
    }

    static OffsetAndMetadata offset(LaneRow row) {
        Optional<Integer> epoch = row.leaderEpoch() < 0 ? Optional.empty() : Optional.of(row.leaderEpoch());
        return new OffsetAndMetadata(row.decided(), epoch, "");
    }
}
