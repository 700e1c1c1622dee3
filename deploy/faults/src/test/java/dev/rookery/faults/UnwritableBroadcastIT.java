package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.embedded.Await;
import dev.rookery.event.Event;
import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.faults.load.Campaign;
import dev.rookery.faults.load.Report;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Nothing can be written to `nostr.broadcast` alone: deciding goes on until so much waits to be emitted as is
/// allowed, then it pauses, and when the topic can be written to again everything is emitted.
@ExtendWith(ClusterExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class UnwritableBroadcastIT {

    private static final RelayClient.Ok STORED = new RelayClient.Ok(true, "");
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final int SOME = 40;

    /// Refusals in a row, for each of which an event was waited for as long as an event is.
    private static final int PAUSED = 3;

    private final Cluster cluster;
    private final Topic broadcast;
    private final Author author = new Author();
    private final Visitor visitor;
    private final long seed = System.nanoTime();

    UnwritableBroadcastIT(Cluster cluster) throws Exception {
        this.cluster = cluster;
        this.broadcast = Topic.of(cluster, "nostr.broadcast");
        this.visitor = new Visitor(cluster.gateways().getFirst());
    }

    @Test
    void pausesWhenTooMuchWaitsToBeEmittedAndThenEmitsAll() throws Exception {
        long before = broadcast.last();
        try (Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(2, 1, 60))) {
            campaign.start();
            campaign.awaitStored(SOME);
            broadcast.close();
            try {
                campaign.awaitStored(SOME);
                publishUntilPaused();
            } finally {
                broadcast.open();
            }
            campaign.awaitStored(SOME);

            Report report = campaign.finish();

            assertThat(report.complaints()).as("seed " + seed).isEmpty();
            assertThat(report.ends()).as("subscriptions that ended").isEmpty();
        }
        assertThat(Await.until(BOUND, () -> broadcast.isWithoutGapBehind(before)))
                .as("every position is in the log")
                .isTrue();
    }

    private void publishUntilPaused() throws Exception {
        long end = System.nanoTime() + BOUND.toNanos();
        for (int refused = 0; refused < PAUSED; ) {
            Event event = author.note();
            RelayClient.Ok ok = visitor.publishes(event);
            refused = ok.equals(STORED) ? 0 : refused + 1;
            assertThat(ok)
                    .matches(answer -> answer.equals(STORED) || answer.message().startsWith("error:"));
            assertThat(System.nanoTime() - end)
                    .as("until deciding pauses, after " + ok)
                    .isNegative();
        }
    }
}
