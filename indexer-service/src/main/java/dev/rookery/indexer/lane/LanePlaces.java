package dev.rookery.indexer.lane;

import dev.rookery.topics.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out where lanes are to be read on, from the table and the log, and writes it into the table.
///
/// Three witnesses are asked whether the table has gone back: what was emitted and seen, what the group was told, and
/// what this indexer remembers to have decided itself.
final class LanePlaces {

    private static final Logger LOG = LoggerFactory.getLogger(LanePlaces.class);
    private static final Duration TELL_WITHIN = Duration.ofSeconds(5);

    private final Sources sources;
    private final HighestSeen highest;
    private final PlacementMeters meters;

    /// Where it is looked up.
    record Sources(ProgressTable table, LaneProbe probe, HighestEmitted emitted, Topics topics) {}

    /// Where lanes are to be read on.
    ///
    /// @param epoch in which the table has them there; empty when it has not, because they were moved meanwhile
    record Placed(Map<TopicPartition, LanePlace> places, Optional<Long> epoch) {}

    LanePlaces(Sources sources, HighestSeen highest, PlacementMeters meters) {
        this.sources = sources;
        this.highest = highest;
        this.meters = meters;
    }

    /// Tries once. Another indexer that has the lanes by now may move them faster than they can be looked up, and only
    /// a poll tells the consumer that they are gone.
    ///
    /// @param remembered what this indexer last knew of the lanes
    Placed place(Consumer<?, ?> consumer, Set<TopicPartition> wanted, Map<TopicPartition, LaneRow> remembered) {
        if (!highest.hasReadLog()) {
            highest.readLog(sources.emitted().read());
        }
        sources.table().declare(sources.topics().lanes());
        Map<TopicPartition, LanePlace> places = find(wanted, remembered);
        // Before the table: were this indexer to end in between, the offsets of a lane that was set back would look
        // like a table that has gone back.
        if (!tell(consumer, places, LanePlaces::isSetBack)) {
            return new Placed(places, Optional.empty());
        }
        Optional<ProgressTable.Stand> stand = sources.table().place(highest.position(), places);
        if (stand.isEmpty()) {
            return new Placed(places, Optional.empty());
        }
        took(stand.get());
        // They have borne witness. Left as they are, they would do so again, and begin another epoch for nothing.
        tell(consumer, places, place -> place.committed() > place.found());
        return new Placed(places, Optional.of(stand.get().at().epoch()));
    }

    private Map<TopicPartition, LanePlace> find(Set<TopicPartition> wanted, Map<TopicPartition, LaneRow> remembered) {
        Map<TopicPartition, LaneRow> rows = sources.table().rows();
        rows.keySet().retainAll(wanted);
        Map<TopicPartition, LanePlace> places = new HashMap<>();
        sources.probe().look(wanted, rows).forEach((lane, log) -> {
            LaneLog witnessed = witnessed(log, remembered.get(lane));
            places.put(lane, LanePlace.of(rows.get(lane), witnessed));
        });
        return places;
    }

    /// What was decided here counts like what the group was told, which is up to a second older. Nothing follows from
    /// it when the log no longer reaches as far, or is another.
    private static LaneLog witnessed(LaneLog log, @Nullable LaneRow remembered) {
        if (remembered == null || !remembered.topicId().equals(log.topicId()) || remembered.decided() > log.end()) {
            return log;
        }
        return log.withCommitted(Math.max(log.committed(), remembered.decided()));
    }

    private void took(ProgressTable.Stand stand) {
        if (stand.begun()) {
            LOG.error(
                    "the database has gone back: epoch {} begins, and what was lost is decided again from the log",
                    stand.at().epoch());
            meters.epochBegun();
        }
        highest.saw(stand.at());
    }

    /// It does not fit the log, and so the table goes behind what the group was told.
    private static boolean isSetBack(LanePlace place) {
        return place.committed() > place.row().decided() && place.committed() <= place.found();
    }

    /// Tells the group where those lanes now are. False when it cannot be told.
    private static boolean tell(
            Consumer<?, ?> consumer, Map<TopicPartition, LanePlace> places, Predicate<LanePlace> which) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        places.forEach((lane, place) -> {
            if (which.test(place)) {
                offsets.put(lane, GroupOffsets.offset(place.row()));
            }
        });
        if (offsets.isEmpty()) {
            return true;
        }
        try {
            consumer.commitSync(offsets, TELL_WITHIN);
            return true;
        } catch (KafkaException failure) {
            LOG.warn("the group is told a little later: {}", failure.getMessage());
            return false;
        }
    }

    /// Whether the database stands in that epoch, and not behind what was seen before it was asked.
    boolean stands(long epoch) {
        HighestSeen.Asked asked = highest.ask(sources.table()::committed);
        boolean stands = asked.standing().epoch() == epoch && !asked.hasGoneBack();
        if (!stands) {
            LOG.warn("the database stands at {}, seen was {} in epoch {}", asked.standing(), asked.before(), epoch);
        }
        return stands;
    }

    void pass(Map<TopicPartition, LaneGap> gaps) {
        gaps.forEach(sources.table()::pass);
    }

    Map<String, UUID> topicIds(Set<String> topics) {
        return sources.probe().topicIds(topics);
    }
}
