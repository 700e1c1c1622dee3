package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.faults.load.Campaign;
import dev.rookery.faults.load.Report;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Redis holds nothing that cannot be lost: without it everything takes a little longer, since gateways have to ask
/// for their verdicts, and that is all.
@ExtendWith(ClusterExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RedisOutageIT {

    private static final List<String> USERS = List.of("gateway-1", "gateway-2", "indexer-1", "indexer-2");
    private static final int SOME = 40;

    private final Cluster cluster;
    private final Author author = new Author();
    private final long seed = System.nanoTime();

    RedisOutageIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void goesOnWhileRedisIsEmptyOrGoneOrSilent() throws Exception {
        try (Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(1, 1, 20))) {
            campaign.start();
            assertGoesOn(campaign);
            cluster.emptyRedis();
            assertGoesOn(campaign);
            cluster.node("redis").kill();
            assertGoesOn(campaign);
            cluster.node("redis").start();
            assertGoesOn(campaign);
            USERS.forEach(user -> cluster.between(user, "redis").swallow());
            assertGoesOn(campaign);
            cluster.heal();
            assertGoesOn(campaign);

            Report report = campaign.finish();

            assertThat(report.complaints()).as("seed " + seed).isEmpty();
            assertThat(report.ends()).as("subscriptions that ended").isEmpty();
        }
    }

    private void assertGoesOn(Campaign campaign) throws Exception {
        for (URI gateway : cluster.gateways()) {
            assertThat(new Visitor(gateway).publishes(author.note())).isEqualTo(new RelayClient.Ok(true, ""));
        }
        campaign.awaitStored(SOME);
    }
}
