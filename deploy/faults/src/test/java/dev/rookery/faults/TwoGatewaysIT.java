package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.faults.load.Campaign;
import dev.rookery.faults.load.Report;
import dev.rookery.faults.process.Node;
import dev.rookery.signature.SchnorrSigner;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What one gateway takes, the other serves, and what happens to one is not felt at the other.
@ExtendWith(ClusterExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class TwoGatewaysIT {

    private static final Duration READY_BOUND = Duration.ofMinutes(2);
    private static final int SOME = 40;

    private final Cluster cluster;
    private final SchnorrSigner author = author();
    private final long seed = System.nanoTime();

    TwoGatewaysIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void deliversAtOneGatewayWhatIsPublishedAtTheOther() throws Exception {
        Event event = Event.of(author, Instant.now().getEpochSecond(), 1, List.of(), "across");
        try (RelayClient listening = new RelayClient(cluster.gateways().getLast());
                RelayClient publishing = new RelayClient(cluster.gateways().getFirst())) {
            listening.send("[\"REQ\",\"s\",{\"ids\":[\"" + event.id() + "\"]}]");
            assertThat(listening.take().get(0).asString()).isEqualTo("EOSE");

            assertThat(publishing.publish(event.toString())).isEqualTo(new RelayClient.Ok(true, ""));

            JsonNode delivered = listening.take();
            assertThat(delivered.get(0).asString()).isEqualTo("EVENT");
            assertThat(delivered.get(2)).isEqualTo(RelayClient.parse(event.toString()));
        }
    }

    @Test
    void keepsTheSubscriptionsOfAGatewayWhileTheOtherComesAndGoes() throws Exception {
        try (Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(1, 2, 20))) {
            campaign.start();
            comeAndGo(campaign, cluster.node("gateway-1"));

            Report report = campaign.finish();

            assertThat(report.complaints()).as("seed " + seed).isEmpty();
            assertThat(campaign.endsAt(0)).as("at the gateway that went").isNotEmpty();
            assertThat(campaign.endsAt(1)).as("at the other").isEmpty();
        }
    }

    /// Whichever of the two a gateway links to: it goes to the other, and makes up for what lies between.
    @Test
    void keepsAllSubscriptionsWhileEachBroadcastServiceComesAndGoes() throws Exception {
        try (Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(1, 2, 20))) {
            campaign.start();
            comeAndGo(campaign, cluster.node("broadcast-1"));
            comeAndGo(campaign, cluster.node("broadcast-2"));

            Report report = campaign.finish();

            assertThat(report.complaints()).as("seed " + seed).isEmpty();
            assertThat(report.ends())
                    .as("subscriptions that ended, seed " + seed)
                    .isEmpty();
            assertThat(report.live()).as("seed " + seed).isGreaterThan(report.stored());
        }
    }

    /// Terminated once and killed once.
    private static void comeAndGo(Campaign campaign, Node node) throws Exception {
        campaign.awaitStored(SOME);
        node.terminate();
        campaign.awaitStored(SOME);
        node.start();
        node.awaitReady(READY_BOUND);
        campaign.awaitStored(SOME);
        node.kill();
        campaign.awaitStored(SOME);
        node.start();
        node.awaitReady(READY_BOUND);
        campaign.awaitStored(SOME);
    }

    private static SchnorrSigner author() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        secret[0] = 1;
        return new SchnorrSigner(secret);
    }
}
