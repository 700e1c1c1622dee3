package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.faults.load.Campaign;
import dev.rookery.faults.load.Report;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// An indexer that is frozen under load, for longer than the broker waits for it: the others go on with its lanes, and
/// when it wakes with what it had in hand, that changes nothing.
@ExtendWith(ClusterExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class FrozenIndexerIT {

    private static final String GROUP = "indexer-service";
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final int SOME = 60;

    private final Cluster cluster;
    private final long seed = System.nanoTime();

    FrozenIndexerIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void changesNothingWhenItWakesAfterOthersHaveTakenItsLanes() throws Exception {
        try (Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(1, 1, 60));
                Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            campaign.start();
            for (String indexer : List.of("indexer-1", "indexer-2")) {
                awaitMembers(admin, 2);
                campaign.awaitStored(SOME);
                cluster.node(indexer).freeze();
                // Whatever it held, the other gets its turn while the group still counts on it ...
                campaign.awaitStored(SOME);
                awaitMembers(admin, 1);
                // ... and all lanes once it does not.
                campaign.awaitStored(SOME);
                cluster.node(indexer).wake();
                campaign.awaitStored(SOME);
            }
            awaitMembers(admin, 2);

            Report report = campaign.finish();

            assertThat(report.complaints()).as("seed " + seed).isEmpty();
            assertThat(report.ends())
                    .as("subscriptions that ended, seed " + seed)
                    .isEmpty();
            assertThat(report.refused()).as("seed " + seed).isPositive();
        }
    }

    private static void awaitMembers(Admin admin, int wanted) throws Exception {
        long end = System.nanoTime() + BOUND.toNanos();
        while (members(admin) != wanted) {
            assertThat(System.nanoTime() - end)
                    .as("until %d indexers are in the group", wanted)
                    .isNegative();
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static int members(Admin admin) throws Exception {
        return admin.describeConsumerGroups(List.of(GROUP))
                .describedGroups()
                .get(GROUP)
                .get(BOUND.toSeconds(), TimeUnit.SECONDS)
                .members()
                .size();
    }
}
