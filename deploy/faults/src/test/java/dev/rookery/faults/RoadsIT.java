package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.faults.cluster.Road;
import dev.rookery.faults.load.Campaign;
import dev.rookery.faults.load.Report;
import dev.rookery.proxy.Proxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Whatever happens on the roads between processes in the middle of a load: the same promises hold.
@ExtendWith(ClusterExtension.class)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class RoadsIT {

    /// Something happens on each road so many times.
    private static final int ROUNDS = Integer.getInteger("rookery.faults.rounds", 1);

    private static final int EVENTS_BETWEEN = 20;

    /// In longer campaigns some last until a silent connection is given up.
    private static final int LONGEST_MILLIS = ROUNDS > 1 ? 12_000 : 2_500;

    private final Cluster cluster;
    private final long seed = Long.getLong("rookery.faults.seed", System.nanoTime());
    private final Random random = new Random(seed);

    RoadsIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void keepsItsPromisesWhateverHappensOnTheRoads() throws Exception {
        try (Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(1, 1, 40))) {
            campaign.start();
            for (Road road : roads()) {
                campaign.awaitStored(EVENTS_BETWEEN);
                Proxy proxy = cluster.between(road.from(), road.to());
                disturb(proxy);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_MILLIS));
                proxy.resume();
            }
            campaign.awaitStored(EVENTS_BETWEEN);
            cluster.heal();

            Report report = campaign.finish();

            assertThat(report.complaints()).as("seed " + seed).isEmpty();
            assertThat(report.live()).as("seed " + seed).isGreaterThan(report.stored());
        }
    }

    private void disturb(Proxy proxy) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> proxy.cut();
            case 1 -> proxy.refuse();
            case 2 -> proxy.swallow();
            default -> proxy.delay(Duration.ofMillis(random.nextInt(300)));
        }
    }

    private List<Road> roads() {
        List<Road> all = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<Road> order = new ArrayList<>(cluster.roads());
            Collections.shuffle(order, random);
            all.addAll(order);
        }
        return all;
    }
}
