package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.faults.load.Campaign;
import dev.rookery.faults.load.Report;
import dev.rookery.faults.process.Node;
import dev.rookery.faults.store.RemadeTopic;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/// A topic is deleted and made again, so that its offsets begin anew: what was decided stays, what is logged afterwards
/// is decided from the first record on, and what was to be read from there comes from the database.
@EnabledIfSystemProperty(named = "rookery.faults.long", matches = "true", disabledReason = "takes minutes")
@ExtendWith(ClusterExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RemadeTopicIT {

    private static final Duration READY_BOUND = Duration.ofMinutes(2);
    private static final String MISFITS = "rookery_indexer_lanes_misfits_total{reason=\"TOPIC_RECREATED\"}";
    private static final List<String> INDEXERS = List.of("indexer-1", "indexer-2");
    private static final int SOME = 40;

    private final Cluster cluster;
    private final Admin admin;
    private final RemadeTopic index;
    private final long seed = System.nanoTime();

    RemadeTopicIT(Cluster cluster) throws Exception {
        this.cluster = cluster;
        this.admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
        this.index = new RemadeTopic(admin, "nostr.index");
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void decidesWhatComesAfterwardsWhenTheIndexTopicIsRemadeUnderLoad() throws Exception {
        try (Campaign campaign = begun()) {
            double before = cluster.measured("indexer", MISFITS);
            index.delete();
            index.make();

            judgeIndexed(campaign, before);
        }
    }

    /// A query-service started afterwards does not wait for the new topic to become as long as the former one.
    @Test
    void decidesWhatComesAfterwardsWhenTheIndexTopicIsRemadeWhileNobodyReadsIt() throws Exception {
        try (Campaign campaign = begun()) {
            for (String indexer : INDEXERS) {
                cluster.node(indexer).terminate();
            }
            index.delete();
            index.make();
            for (String indexer : INDEXERS) {
                cluster.node(indexer).start();
            }
            campaign.awaitStored(SOME);
            restart(cluster.node("query-1"));

            judgeIndexed(campaign, 0);
        }
    }

    /// When the indexers look again, the new topic has grown beyond the place where they were in the old one.
    @Test
    void skipsNothingOfTheNewTopicWhenTheFormerPlaceIsThere() throws Exception {
        Author author = authorOfAnEmptyLane();
        List<Event> old = author.notes(3);
        List<Event> fresh = author.notes(8);
        try (RelayClient client = new RelayClient(cluster.gateways().getFirst())) {
            Author.publish(client, old);
            for (String indexer : INDEXERS) {
                cluster.node(indexer).freeze();
            }
            index.delete();
            index.make();
            assertThat(client.publish(Author.json(fresh)).values())
                    .allMatch(answer -> answer.message().startsWith("error:"));
        }
        assertThat(new IndexLanes(admin).end(author.partition())).isEqualTo(fresh.size());
        for (String indexer : INDEXERS) {
            cluster.node(indexer).wake();
        }

        for (URI gateway : cluster.gateways()) {
            assertThat(new Outlet(gateway).missing(Author.ids(old))).isEmpty();
            assertThat(new Outlet(gateway).missing(Author.ids(fresh))).isEmpty();
        }
    }

    /// While it is missing, and for what was in it, the database has everything.
    @Test
    void deliversFromTheDatabaseWhatARemadeBroadcastTopicDoesNotBring() throws Exception {
        RemadeTopic broadcast = new RemadeTopic(admin, "nostr.broadcast");
        try (Campaign campaign = begun()) {
            broadcast.delete();
            campaign.awaitStored(SOME);
            broadcast.make();
            campaign.awaitStored(SOME);
            for (String reader : List.of("broadcast-1", "broadcast-2")) {
                restart(cluster.node(reader));
                campaign.awaitStored(SOME);
            }

            Report report = campaign.finish();

            assertThat(report.complaints()).as("seed " + seed).isEmpty();
            assertThat(report.ends())
                    .as("subscriptions that ended, seed " + seed)
                    .allMatch(end -> end.startsWith("error:"));
            assertThat(report.live()).as("seed " + seed).isGreaterThan(report.stored());
        }
    }

    private Campaign begun() throws Exception {
        Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(1, 1, 40));
        campaign.start();
        campaign.awaitStored(SOME);
        return campaign;
    }

    /// No number is given out twice, so that no subscription need end.
    private void judgeIndexed(Campaign campaign, double misfitsBefore) throws Exception {
        campaign.awaitStored(SOME);

        Report report = campaign.finish();

        assertThat(report.complaints()).as("seed " + seed).isEmpty();
        assertThat(report.ends()).as("subscriptions that ended, seed " + seed).isEmpty();
        assertThat(cluster.measured("indexer", MISFITS)).isGreaterThan(misfitsBefore);
        assertThat(said())
                .containsPattern("ERROR .*lane nostr.index-\\d+ does not fit the database \\(TOPIC_RECREATED\\)");
    }

    /// By the indexers that run now.
    private String said() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String indexer : INDEXERS) {
            all.append(Files.readString(cluster.home(indexer).resolve("output.log")));
        }
        return all.toString();
    }

    private static void restart(Node node) throws Exception {
        node.kill();
        node.start();
        node.awaitReady(READY_BOUND);
    }

    private Author authorOfAnEmptyLane() throws Exception {
        Author author = new Author();
        while (new IndexLanes(admin).end(author.partition()) > 0) {
            author = new Author();
        }
        return author;
    }
}
