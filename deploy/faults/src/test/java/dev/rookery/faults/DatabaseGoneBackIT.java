package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.embedded.Await;
import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.faults.load.Campaign;
import dev.rookery.faults.load.Report;
import dev.rookery.faults.process.Node;
import dev.rookery.faults.store.DatabaseDirectory;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/// The database goes back to an earlier state under load, while the log goes on: nobody takes numbers that are given
/// out again for those that they have seen, and what was decided since is decided again from the log.
@EnabledIfSystemProperty(named = "rookery.faults.long", matches = "true", disabledReason = "takes minutes")
@ExtendWith(ClusterExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class DatabaseGoneBackIT {

    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final int SOME = 50;
    private static final List<String> INDEXERS = List.of("indexer-1", "indexer-2");

    private final Cluster cluster;
    private final DatabaseDirectory directory;
    private final long seed = System.nanoTime();
    private double alerts;

    DatabaseGoneBackIT(Cluster cluster) {
        this.cluster = cluster;
        this.directory = new DatabaseDirectory(cluster.home("postgres"));
    }

    /// While one indexer cannot repeat its part, nothing is complete, and no outlet pretends that it is.
    @Test
    void repeatsWhatARestoredBackupHasLostBeforeAnyoneIsAnswered() throws Exception {
        try (Campaign campaign = begun()) {
            try (Connection superuser = cluster.database()) {
                directory.backUp(superuser);
            }
            campaign.awaitStored(SOME);
            long before = number("select epoch from events.sequencer");
            long timeline = number("select events.this_timeline()");

            postgres().terminate();
            directory.restore();
            cluster.between("indexer-2", "postgres").refuse();
            postgres().start();

            awaitEpochAfter(before);
            assertThat(number("select events.this_timeline()")).isGreaterThan(timeline);
            for (URI gateway : cluster.gateways()) {
                assertThat(new Outlet(gateway).ask("{\"limit\":10}").end())
                        .as("at " + gateway)
                        .startsWith("error:");
            }
            cluster.between("indexer-2", "postgres").resume();
            judge(campaign, before);
        }
    }

    /// The same bytes, with the same system identifier and timeline: only the indexers' memory tells.
    @Test
    void repeatsWhatACopiedDirectoryHasLostWhileTheIndexersRun() throws Exception {
        try (Campaign campaign = begun()) {
            copy();
            campaign.awaitStored(SOME);
            long before = number("select epoch from events.sequencer");

            postgres().terminate();
            directory.putBack();
            postgres().start();

            judge(campaign, before);
        }
    }

    /// Nobody remembers: only the ends of the log and the group's offsets tell.
    @Test
    void repeatsWhatACopiedDirectoryHasLostAfterTheIndexersAreStartedAfresh() throws Exception {
        try (Campaign campaign = begun()) {
            copy();
            campaign.awaitStored(SOME);
            long before = number("select epoch from events.sequencer");

            for (String indexer : INDEXERS) {
                cluster.node(indexer).terminate();
            }
            postgres().terminate();
            directory.putBack();
            postgres().start();
            startIndexers();

            judge(campaign, before);
        }
    }

    /// Nothing is left but the log, and the gateways' memory of what they have promised.
    @Test
    void repeatsEverythingWhenTheDatabaseIsLost() throws Exception {
        try (Campaign campaign = begun()) {
            long before = number("select epoch from events.sequencer");

            for (String indexer : INDEXERS) {
                cluster.node(indexer).terminate();
            }
            postgres().terminate();
            directory.delete();
            postgres().start();
            startIndexers();

            judge(campaign, before);
        }
    }

    private void startIndexers() throws Exception {
        for (String indexer : INDEXERS) {
            cluster.node(indexer).start();
        }
        alerts = 0;
    }

    private Campaign begun() throws Exception {
        alerts = alerts();
        Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(1, 1, 40));
        campaign.start();
        campaign.awaitStored(SOME);
        return campaign;
    }

    private void copy() throws Exception {
        postgres().terminate();
        directory.copy();
        postgres().start();
    }

    private void judge(Campaign campaign, long before) throws Exception {
        awaitEpochAfter(before);
        campaign.awaitStored(SOME);
        cluster.heal();

        Report report = campaign.finish();

        assertThat(report.complaints()).as("seed " + seed).isEmpty();
        assertThat(report.ends()).as("seed " + seed).allMatch(end -> end.startsWith("error:"));
        assertThat(campaign.endsAt(0)).as("at one gateway").isNotEmpty();
        assertThat(campaign.endsAt(1)).as("at the other").isNotEmpty();
        assertThat(alerts()).as("alerts").isGreaterThan(alerts);
    }

    private double alerts() throws IOException {
        return cluster.measured("indexer", "rookery_indexer_epochs_begun_total");
    }

    private void awaitEpochAfter(long before) throws Exception {
        boolean begun = Await.until(BOUND, () -> {
            try {
                return number("select epoch from events.sequencer") > before;
            } catch (SQLException starting) {
                return false;
            }
        });
        assertThat(begun).as("a new epoch begins").isTrue();
    }

    private long number(String query) throws IOException, SQLException {
        try (Connection connection = cluster.database();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    private Node postgres() {
        return cluster.node("postgres");
    }
}
