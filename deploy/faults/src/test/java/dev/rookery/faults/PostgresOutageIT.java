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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// PostgreSQL is gone for longer than anything is tried again by itself: events are taken on the log's word, so many
/// as are allowed; nobody is told that there is nothing; and when it is back, all that was promised is kept.
@ExtendWith(ClusterExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class PostgresOutageIT {

    private static final String DEAD_LETTERS = "nostr.index.dlt";
    private static final List<String> USERS =
            List.of("indexer-1", "indexer-2", "query-1", "broadcast-1", "broadcast-2");
    private static final RelayClient.Ok STORED = new RelayClient.Ok(true, "");

    /// Beyond the bound of a verdict, half a second of leftovers, and the pauses between attempts.
    private static final Duration LENGTH = Duration.ofSeconds(10);

    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final int SOME = 20;

    private final Cluster cluster;
    private final Author author = new Author();
    private final Visitor roomy;
    private final Visitor narrow;
    private final long seed = System.nanoTime();

    PostgresOutageIT(Cluster cluster) throws Exception {
        this.cluster = cluster;
        this.roomy = new Visitor(cluster.gateways().getFirst());
        this.narrow = new Visitor(cluster.gateways().getLast());
    }

    enum Outage {
        STOPPED,
        SILENT
    }

    @ParameterizedTest
    @EnumSource
    void keepsWhatItPromisedOnTheLogsWordAlone(Outage outage) throws Exception {
        long deadLetters = Topic.of(cluster, DEAD_LETTERS).written();
        Event known = author.note();
        assertThat(roomy.publishes(known)).isEqualTo(STORED);
        try (Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(1, 1, 20))) {
            campaign.start();
            campaign.awaitStored(SOME);
            begin(outage);

            List<Event> promised = outlast(known);
            assertNotReady("indexer-1", "indexer-2", "query-1");
            cluster.heal();

            awaitStored(roomy);
            awaitStored(narrow);
            for (Event event : promised) {
                assertFound(event);
            }
            campaign.awaitStored(SOME);
            Report report = campaign.finish();
            assertThat(report.complaints()).as("seed " + seed).isEmpty();
            assertThat(report.ends()).as("subscriptions that ended").isEmpty();
            assertThat(report.logged() + report.stored()).isGreaterThan(2 * SOME);
        }
        assertThat(Topic.of(cluster, DEAD_LETTERS).written()).isEqualTo(deadLetters);
    }

    private void begin(Outage outage) throws Exception {
        switch (outage) {
            case STOPPED -> cluster.node("postgres").terminate();
            case SILENT ->
                USERS.forEach(user -> cluster.between(user, "postgres").swallow());
        }
    }

    /// @return what was answered provisionally
    private List<Event> outlast(Event known) throws Exception {
        List<Event> promised = new ArrayList<>();
        promised.add(firstProvisional());
        long end = System.nanoTime() + LENGTH.toNanos();
        boolean usedUp = false;
        while (System.nanoTime() - end < 0 || !usedUp) {
            Event event = author.note();
            assertThat(roomy.publishes(event)).matches(PostgresOutageIT::isProvisional);
            promised.add(event);
            usedUp = narrow.publishes(author.note()).message().startsWith("error: overloaded");
            for (Visitor visitor : List.of(roomy, narrow)) {
                Visitor.Answer answer = visitor.asks("{\"ids\":[\"" + known.id() + "\"]}");
                assertThat(answer.end()).startsWith("error:");
                assertThat(answer.ids()).isEmpty();
            }
            assertThat(System.nanoTime() - end - BOUND.toNanos())
                    .as("until the narrow gateway has promised enough")
                    .isNegative();
        }
        return promised;
    }

    /// Until a gateway knows that the database is gone, it says `error:`.
    private Event firstProvisional() throws Exception {
        long end = System.nanoTime() + BOUND.toNanos();
        while (true) {
            Event event = author.note();
            RelayClient.Ok ok = roomy.publishes(event);
            if (isProvisional(ok)) {
                return event;
            }
            assertThat(ok)
                    .matches(answer -> answer.equals(STORED) || answer.message().startsWith("error:"));
            assertThat(System.nanoTime() - end).as("until it is noticed").isNegative();
        }
    }

    private void awaitStored(Visitor visitor) throws Exception {
        long end = System.nanoTime() + BOUND.toNanos();
        RelayClient.Ok ok = visitor.publishes(author.note());
        while (!ok.equals(STORED)) {
            assertThat(System.nanoTime() - end)
                    .as("%s goes on saying %s", visitor.gateway(), ok)
                    .isNegative();
            ok = visitor.publishes(author.note());
        }
    }

    /// What is in the log is decided in its time.
    private void assertFound(Event event) throws Exception {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!roomy.asks("{\"ids\":[\"" + event.id() + "\"]}")
                .ids()
                .contains(event.id().toString())) {
            assertThat(System.nanoTime() - end).as("until %s is found", event).isNegative();
        }
    }

    private void assertNotReady(String... nodes) throws Exception {
        for (String node : nodes) {
            assertThat(Await.until(BOUND, () -> !cluster.node(node).isReady()))
                    .as(node + " says that it is not ready")
                    .isTrue();
        }
    }

    private static boolean isProvisional(RelayClient.Ok ok) {
        return ok.accepted() && ok.message().startsWith("info:");
    }
}
