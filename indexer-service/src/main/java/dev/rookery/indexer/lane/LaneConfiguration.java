package dev.rookery.indexer.lane;

import dev.rookery.indexer.chore.Chore;
import dev.rookery.indexer.kafka.KafkaClients;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
public class LaneConfiguration {

    private static final Duration COMPARE_EVERY = Duration.ofSeconds(5);

    @Bean
    Lanes lanes() {
        return new Lanes();
    }

    @Bean
    HighestSeen highestSeen() {
        return new HighestSeen();
    }

    @Bean
    GroupOffsets groupOffsets(Lanes lanes, Clock clock) {
        return new GroupOffsets(lanes, clock);
    }

    @Bean
    LanePlacement.Parts lanePlacementParts(
            @Qualifier("decidingSession") PostgresSession session,
            KafkaClients clients,
            Admin admin,
            Topics topics,
            LogRecords log) {
        return new LanePlacement.Parts(
                new ProgressTable(session), new LaneProbe(clients, admin), new HighestEmitted(clients, topics, log));
    }

    @Bean
    Chore topicIds(LanePlacement placement) {
        return new Chore("comparing topic ids", COMPARE_EVERY, placement::compareTopicIds);
    }

    @Bean
    LanePlacement lanePlacement(
            LanePlacement.Parts parts, Lanes lanes, HighestSeen highest, Patience patience, MeterRegistry meters) {
        return new LanePlacement(parts, lanes, highest, patience, meters);
    }
}
