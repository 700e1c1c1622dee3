package dev.rookery.indexer.lane;

import dev.rookery.indexer.chore.Chore;
import dev.rookery.indexer.kafka.KafkaClients;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The lanes of `nostr.index` and those of `nostr.bulk`, read beside each other in the same way.
@Configuration(proxyBeanMethods = false)
public class LaneConfiguration {

    private static final Duration COMPARE_EVERY = Duration.ofSeconds(5);

    @Bean
    HighestSeen highestSeen(MeterRegistry meters) {
        HighestSeen highest = new HighestSeen();
        meters.gauge("rookery.indexer.epoch", highest, h -> h.position().epoch());
        meters.gauge("rookery.indexer.seq.decided", highest, h -> h.position().seq());
        return highest;
    }

    @Bean
    HighestEmitted highestEmitted(KafkaClients clients, Topics topics, LogRecords log) {
        return new HighestEmitted(clients, topics, log);
    }

    /// What all placements share.
    record Surroundings(HighestEmitted emitted, HighestSeen highest, Topics topics, Patience patience) {}

    @Bean
    Surroundings laneSurroundings(HighestEmitted emitted, HighestSeen highest, Topics topics, Patience patience) {
        return new Surroundings(emitted, highest, topics, patience);
    }

    @Bean
    LaneReading liveReading(
            @Qualifier("decidingSession") PostgresSession session,
            KafkaClients clients,
            Admin admin,
            Surroundings surroundings,
            MeterRegistry meters) {
        LaneProbe probe = new LaneProbe(clients, admin, clients.group());
        return reading(new ProgressTable(session), probe, surroundings, new PlacementMeters(meters, "live"));
    }

    @Bean
    LaneReading bulkReading(
            @Qualifier("bulkSession") PostgresSession session,
            KafkaClients clients,
            Admin admin,
            Surroundings surroundings,
            MeterRegistry meters) {
        LaneProbe probe = new LaneProbe(clients, admin, clients.bulkGroup());
        return reading(new ProgressTable(session), probe, surroundings, new PlacementMeters(meters, "bulk"));
    }

    private static LaneReading reading(
            ProgressTable table, LaneProbe probe, Surroundings surroundings, PlacementMeters meters) {
        Lanes lanes = new Lanes();
        meters.show(lanes);
        var sources = new LanePlaces.Sources(table, probe, surroundings.emitted(), surroundings.topics());
        LanePlaces places = new LanePlaces(sources, surroundings.highest(), meters);
        LanePlacement placement = new LanePlacement(places, lanes, surroundings.patience(), meters);
        return new LaneReading(lanes, placement, new GroupOffsets(lanes));
    }

    @Bean
    OrderWatch orderWatch(
            HighestSeen highest,
            @Qualifier("liveReading") LaneReading live,
            @Qualifier("bulkReading") LaneReading bulk) {
        return new OrderWatch(highest, () -> {
            live.placement().doubt();
            bulk.placement().doubt();
        });
    }

    @Bean
    LiveLag liveLag(@Qualifier("bulkSession") PostgresSession session, Topics topics, MeterRegistry meters) {
        return new LiveLag(new ProgressTable(session), topics, meters);
    }

    @Bean
    Chore topicIds(@Qualifier("liveReading") LaneReading live, @Qualifier("bulkReading") LaneReading bulk) {
        return new Chore("comparing topic ids", COMPARE_EVERY, () -> {
            live.placement().compareTopicIds();
            bulk.placement().compareTopicIds();
        });
    }
}
