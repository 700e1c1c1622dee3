package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.embedded.Await;
import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.faults.load.Campaign;
import dev.rookery.faults.load.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Whatever is killed in the middle of a load and started again: nothing that was promised is lost, nothing that was
/// refused appears, nobody receives anything twice, and whatever was decided is emitted.
@ExtendWith(ClusterExtension.class)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class CrashIT {

    private static final List<String> VICTIMS =
            List.of("gateway-1", "indexer-1", "query-1", "broadcast-1", "broadcast-2", "postgres", "kafka", "redis");

    /// Each victim is killed so many times.
    private static final int ROUNDS = Integer.getInteger("rookery.faults.rounds", 1);

    private static final int EVENTS_BETWEEN = 60;
    private static final Duration READY_BOUND = Duration.ofMinutes(2);

    private final Cluster cluster;
    private final long seed = Long.getLong("rookery.faults.seed", System.nanoTime());
    private final Random random = new Random(seed);

    CrashIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void keepsItsPromisesWhateverIsKilledUnderLoad() throws Exception {
        Topic broadcast = Topic.of(cluster, "nostr.broadcast");
        long before = broadcast.last();
        try (Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(2, 2, 10))) {
            campaign.start();
            for (String victim : victims()) {
                campaign.awaitStored(EVENTS_BETWEEN);
                cluster.node(victim).kill();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500));
                cluster.node(victim).start();
                cluster.node(victim).awaitReady(READY_BOUND);
            }
            campaign.awaitStored(EVENTS_BETWEEN);
            cluster.heal();

            Report report = campaign.finish();

            assertThat(report.complaints()).as("seed " + seed).isEmpty();
            assertThat(report.stored()).as("seed " + seed).isGreaterThan(EVENTS_BETWEEN * VICTIMS.size());
            assertThat(report.refused()).as("seed " + seed).isPositive();
            assertThat(report.live()).as("seed " + seed).isGreaterThan(report.stored());
        }
        assertThat(Await.until(READY_BOUND, () -> broadcast.isWithoutGapBehind(before)))
                .as("each number is in the log, seed " + seed)
                .isTrue();
    }

    private List<String> victims() {
        List<String> victims = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<String> order = new ArrayList<>(VICTIMS);
            Collections.shuffle(order, random);
            victims.addAll(order);
        }
        return victims;
    }
}
