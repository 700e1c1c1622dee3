package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.faults.load.Campaign;
import dev.rookery.faults.load.Report;
import dev.rookery.faults.process.Node;
import dev.rookery.faults.store.LogDirectory;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/// The log loses its end under load, as in a power cut of the broker's machine, so that it is shorter than what the
/// database has decided and what readers have read: nothing that is logged afterwards in the same places is taken for
/// what was there before.
@EnabledIfSystemProperty(named = "rookery.faults.long", matches = "true", disabledReason = "takes minutes")
@ExtendWith(ClusterExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ShortenedLogIT {

    private static final Duration READY_BOUND = Duration.ofMinutes(2);
    private static final String MISFITS = "rookery_indexer_lanes_misfits_total";
    private static final String DUPLICATES = "rookery_indexer_decisions_total{decision=\"duplicate\"}";
    private static final List<String> READERS = List.of("indexer-1", "indexer-2", "broadcast-1", "broadcast-2");
    private static final int SOME = 60;
    private static final int LOST_BATCHES = 4;

    private final Cluster cluster;
    private final LogDirectory log;
    private final long seed = System.nanoTime();

    ShortenedLogIT(Cluster cluster) {
        this.cluster = cluster;
        this.log = new LogDirectory(cluster.home("kafka"));
    }

    @Test
    void swallowsNothingAfterTheLanesHaveLostTheirEnds() throws Exception {
        try (Campaign campaign = begun()) {
            double misfits = cluster.measured("indexer", MISFITS);
            double duplicates = cluster.measured("indexer", DUPLICATES);

            shorten("nostr.index");

            Report report = finished(campaign);
            assertThat(report.ends())
                    .as("subscriptions that ended, seed " + seed)
                    .isEmpty();
            assertThat(cluster.measured("indexer", MISFITS)).isGreaterThan(misfits);
            assertThat(cluster.measured("indexer", DUPLICATES)).isGreaterThan(duplicates);
        }
    }

    @Test
    void deliversFromTheDatabaseWhatTheBroadcastTopicHasLost() throws Exception {
        try (Campaign campaign = begun()) {
            shorten("nostr.broadcast");

            Report report = finished(campaign);
            assertThat(report.ends())
                    .as("subscriptions that ended, seed " + seed)
                    .allMatch(end -> end.startsWith("error:"));
            assertThat(report.live()).as("seed " + seed).isGreaterThan(report.stored());
        }
    }

    /// An older copy of the broker's directory, so that its leader epochs are older too; and before anyone looks, the
    /// lane has grown beyond what had been decided.
    @Test
    void swallowsNothingOfAnOlderLogThatHasGrownBeyondWhatWasDecided() throws Exception {
        Author author = new Author();
        List<Event> kept = author.notes(3);
        List<Event> lost = author.notes(3);
        List<Event> fresh = author.notes(6);
        Set<String> logged = new HashSet<>();
        try (RelayClient client = new RelayClient(cluster.gateways().getFirst())) {
            Author.publish(client, kept);
            restartKafka(log::copy);
            for (int raised = 0; raised < 2; raised++) {
                restartKafka(() -> {});
            }
            Author.publish(client, lost);
            for (String reader : READERS) {
                cluster.node(reader).terminate();
            }
            long decided = end(author);
            restartKafka(log::putBack);
            while (end(author) <= decided) {
                logged.addAll(loggedOf(client.publish(Author.json(fresh))));
            }
        }
        cluster.heal();

        for (URI gateway : cluster.gateways()) {
            assertThat(new Outlet(gateway).missing(Author.ids(kept))).isEmpty();
            assertThat(new Outlet(gateway).missing(Author.ids(lost))).isEmpty();
            assertThat(new Outlet(gateway).missing(logged)).isEmpty();
        }
        assertThat(cluster.measured("indexer", MISFITS)).isPositive();
    }

    /// Nobody decides, so nothing is promised; but what is in the log must be decided later.
    private static Set<String> loggedOf(Map<String, RelayClient.Ok> answers) {
        assertThat(answers.values()).allMatch(answer -> answer.message().startsWith("error:"));
        return answers.entrySet().stream()
                .filter(answer -> !answer.getValue().message().startsWith("error: cannot be logged"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private long end(Author author) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            return new IndexLanes(admin).end(author.partition());
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void restartKafka(Step between) throws Exception {
        Node kafka = cluster.node("kafka");
        kafka.terminate();
        between.run();
        kafka.start();
        kafka.awaitReady(READY_BOUND);
    }

    private void shorten(String topic) throws Exception {
        Node kafka = cluster.node("kafka");
        kafka.kill();
        assertThat(log.shorten(topic, LOST_BATCHES)).as("shortened").isPositive();
        kafka.start();
        kafka.awaitReady(READY_BOUND);
    }

    private Campaign begun() throws Exception {
        Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(1, 1, 40));
        campaign.start();
        campaign.awaitStored(SOME);
        return campaign;
    }

    private Report finished(Campaign campaign) throws Exception {
        campaign.awaitStored(SOME);
        cluster.heal();
        campaign.awaitStored(SOME);
        Report report = campaign.finish();
        assertThat(report.complaints()).as("seed " + seed).isEmpty();
        return report;
    }
}
