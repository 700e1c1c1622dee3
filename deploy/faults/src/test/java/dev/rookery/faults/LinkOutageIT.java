package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.embedded.Await;
import dev.rookery.event.Event;
import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.faults.load.Campaign;
import dev.rookery.faults.load.Report;
import dev.rookery.proxy.Proxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What may happen to the links of a gateway: its subscriptions stay, and miss nothing, as long as what lies between
/// two links can be made up for; else they are told that they have ended.
@ExtendWith(ClusterExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class LinkOutageIT {

    private static final List<String> INSTANCES = List.of("broadcast-1", "broadcast-2");
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final int SOME = 30;
    private static final int ROUNDS = 3;

    private static final RelayClient.Ok STORED = new RelayClient.Ok(true, "");

    private final Cluster cluster;
    private final Author author = new Author();
    private final Visitor visitor;
    private final long seed = Long.getLong("rookery.faults.seed", System.nanoTime());
    private final Random random = new Random(seed);

    LinkOutageIT(Cluster cluster) throws Exception {
        this.cluster = cluster;
        this.visitor = new Visitor(cluster.gateways().getFirst());
    }

    @Test
    void missesNothingWhenALinkIsCut() throws Exception {
        try (Campaign campaign = begun()) {
            for (int round = 0; round < ROUNDS; round++) {
                road(linked("gateway-1")).cut();
                campaign.subscribe(0);
                linked("gateway-1");
                campaign.awaitStored(SOME);
            }
            assertAllStay(campaign);
        }
    }

    @Test
    void missesNothingWhenALinkFallsSilent() throws Exception {
        try (Campaign campaign = begun()) {
            String before = linked("gateway-1");
            road(before).swallow();
            campaign.subscribe(0);
            campaign.awaitStored(SOME);
            assertThat(linkedToOther("gateway-1", before)).isTrue();
            campaign.awaitStored(SOME);
            assertAllStay(campaign);
        }
    }

    @Test
    void missesNothingWhileALinkIsSlow() throws Exception {
        try (Campaign campaign = begun()) {
            road(linked("gateway-1")).delay(Duration.ofMillis(400));
            for (int late = 0; late < ROUNDS; late++) {
                campaign.subscribe(0);
                campaign.awaitStored(SOME);
            }
            assertAllStay(campaign);
        }
    }

    /// The store answers slowly, so that the next link is lost before what the last one missed has been made up for.
    @Test
    void missesNothingWhenTheNextLinkIsLostWhileItCatchesUp() throws Exception {
        try (Campaign campaign = begun()) {
            cluster.between("gateway-1", "query-1").delay(Duration.ofMillis(300));
            for (int round = 0; round < ROUNDS; round++) {
                String before = linked("gateway-1");
                String other = other(before);
                road(before).refuse();
                campaign.awaitStored(SOME);
                assertThat(linkedToOther("gateway-1", before)).isTrue();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000));
                campaign.subscribe(0);
                road(before).resume();
                road(other).cut();
                campaign.awaitStored(SOME);
            }
            assertAllStay(campaign);
        }
    }

    /// The instance that is left stands still, cut off from the log and from the store, and goes on later.
    @Test
    void missesNothingWhenTheOtherInstanceIsBehind() throws Exception {
        try (Campaign campaign = begun()) {
            String before = linked("gateway-1");
            String other = other(before);
            cluster.between(other, "kafka").refuse();
            cluster.between(other, "postgres").refuse();
            campaign.awaitStored(SOME);
            road(before).refuse();
            // Past EOSE it is registered, so there is a link.
            try (Watch watch = new Watch(visitor.gateway(), author)) {
                assertThat(linkedNow("gateway-1")).contains(other);
                campaign.subscribe(0);
                campaign.awaitStored(SOME);
                Event note = author.note();
                assertThat(visitor.publishes(note)).isEqualTo(STORED);
                cluster.between(other, "kafka").resume();
                cluster.between(other, "postgres").resume();
                assertThat(watch.until(note)).containsExactly(note.id().toString());
            }
            assertAllStay(campaign);
        }
    }

    @Test
    void keepsSubscriptionsWhenTheQueryLinkIsCutOrFallsSilent() throws Exception {
        Proxy query = cluster.between("gateway-1", "query-1");
        try (Campaign campaign = begun()) {
            campaign.subscribe(0);
            query.cut();
            campaign.subscribe(0);
            campaign.awaitStored(SOME);
            query.swallow();
            int before = query.connections();
            campaign.subscribe(0);
            campaign.awaitStored(SOME);
            assertThat(Await.until(BOUND, () -> query.connections() > before))
                    .as("the silent link is given up for another")
                    .isTrue();
            query.resume();
            assertAllStay(campaign);
        }
    }

    /// Whose connections are still accepted, by its system, and then never answered.
    @Test
    void findsTheInstanceThatAnswersWhileTheOtherIsFrozen() throws Exception {
        try (Watch watch = new Watch(visitor.gateway(), author)) {
            for (String frozen : INSTANCES) {
                cluster.node(frozen).freeze();
                for (String instance : INSTANCES) {
                    road(instance).cut();
                }
                Event note = author.note();
                assertThat(visitor.publishes(note)).isEqualTo(STORED);
                watch.until(note);
                cluster.node(frozen).wake();
            }
        }
    }

    /// Neither is the old link there nor can the store be asked, for longer than it is tried.
    @Test
    void endsSubscriptionsWhenWhatTheyMissedCannotBeHad() throws Exception {
        try (Campaign campaign = begun()) {
            cluster.between("gateway-2", "query-1").refuse();
            cluster.between("gateway-2", linked("gateway-2")).refuse();
            assertThat(Await.until(BOUND, () -> !campaign.endsAt(1).isEmpty()))
                    .as("it ends")
                    .isTrue();
            cluster.heal();
            campaign.awaitStored(SOME);

            Report report = campaign.finish();

            assertThat(report.complaints()).as("seed " + seed).isEmpty();
            assertThat(campaign.endsAt(1)).allMatch(reason -> reason.startsWith("error:"));
            assertThat(campaign.endsAt(0)).as("at the other gateway").isEmpty();
        }
    }

    private Campaign begun() throws Exception {
        Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(1, 1, 30));
        try {
            campaign.start();
            campaign.awaitStored(SOME);
            return campaign;
        } catch (Exception failure) {
            campaign.close();
            throw failure;
        }
    }

    private void assertAllStay(Campaign campaign) throws Exception {
        cluster.heal();
        campaign.awaitStored(SOME);
        Report report = campaign.finish();
        assertThat(report.complaints()).as("seed " + seed).isEmpty();
        assertThat(campaign.endsAt(0))
                .as("subscriptions that ended, seed " + seed)
                .isEmpty();
        assertThat(campaign.endsAt(1)).as("at the other gateway, seed " + seed).isEmpty();
    }

    /// The instance that a gateway is linked to.
    private String linked(String gateway) throws IOException {
        assertThat(Await.until(BOUND, () -> linkedNow(gateway).size() == 1))
                .as(gateway + " has one link")
                .isTrue();
        return linkedNow(gateway).getFirst();
    }

    /// Whether it has dialled the other instance; the connection that it had may seem to be there still.
    private boolean linkedToOther(String gateway, String before) throws IOException {
        return Await.until(BOUND, () -> linkedNow(gateway).contains(other(before)));
    }

    private List<String> linkedNow(String gateway) {
        return INSTANCES.stream()
                .filter(instance -> cluster.between(gateway, instance).connections() > 0)
                .toList();
    }

    private Proxy road(String instance) {
        return cluster.between("gateway-1", instance);
    }

    private static String other(String instance) {
        return INSTANCES.get(1 - INSTANCES.indexOf(instance));
    }
}
