package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.embedded.Await;
import dev.rookery.event.Event;
import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.faults.process.Node;
import dev.rookery.faults.store.DatabaseDirectory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// The database goes back to the same bytes as they were earlier, and the indexer that gave out the numbers since
/// cannot reach it: the other one must not give them out again as if they were new.
@EnabledIfSystemProperty(named = "rookery.faults.long", matches = "true", disabledReason = "takes minutes")
@ExtendWith(ClusterExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class NumbersGivenTwiceIT {

    /// Long enough for an indexer to hear how far the others are.
    private static final Duration HEARSAY = Duration.ofSeconds(10);

    private static final Duration DECISION = Duration.ofSeconds(3);
    private static final String DECIDED = "rookery_indexer_decisions_total";
    private static final int LOST = 4;
    private static final int FRESH = 3 * LOST;

    private final Cluster cluster;
    private final Node postgres;
    private final DatabaseDirectory directory;

    NumbersGivenTwiceIT(Cluster cluster) {
        this.cluster = cluster;
        this.postgres = cluster.node("postgres");
        this.directory = new DatabaseDirectory(cluster.home("postgres"));
    }

    /// Whoever listens sees what is decided next from its first event on, or the end of the subscription.
    @Test
    void skipsNoLiveEventThatGetsTheNumberOfALostOne() throws Exception {
        Author one = authorAt("indexer-1");
        Author other = authorAt("indexer-2");
        postgres.terminate();
        directory.copy();
        postgres.start();
        List<Event> lost = one.notes(LOST);
        List<Event> fresh = other.notes(FRESH);
        String filter = "{\"authors\":[\"%s\",\"%s\"]}".formatted(one.pubkey(), other.pubkey());
        try (RelayClient here = listening(cluster.gateways().getFirst(), filter);
                RelayClient there = listening(cluster.gateways().getLast(), filter);
                RelayClient publishing = new RelayClient(cluster.gateways().getFirst())) {
            Author.publish(publishing, lost);
            for (RelayClient client : List.of(here, there)) {
                for (Event note : lost) {
                    assertThat(next(client)).isEqualTo(note.id().toString());
                }
            }
            double reached = cluster.measured("indexer-1", "rookery_indexer_seq_decided");
            var _ = Await.until(HEARSAY, () -> cluster.measured("indexer-2", "rookery_indexer_seq_decided") >= reached);

            postgres.terminate();
            directory.putBack();
            cluster.between("indexer-1", "postgres").refuse();
            postgres.start();
            for (String json : Author.json(fresh)) {
                publishing.send("[\"EVENT\"," + json + "]");
            }
            for (RelayClient client : List.of(here, there)) {
                assertThat(next(client)).isIn("CLOSED", fresh.getFirst().id().toString());
            }
            cluster.heal();
        }
        for (URI gateway : cluster.gateways()) {
            assertThat(new Outlet(gateway).missing(Author.ids(lost))).isEmpty();
            assertThat(new Outlet(gateway).missing(Author.ids(fresh))).isEmpty();
        }
    }

    private static RelayClient listening(URI gateway, String filter) throws Exception {
        RelayClient client = new RelayClient(gateway);
        String end = "";
        while (!end.equals("EOSE")) {
            client.send("[\"REQ\",\"s\"," + filter + "]");
            do {
                end = client.take().get(0).asString();
            } while (end.equals("EVENT"));
            TimeUnit.MILLISECONDS.sleep(end.equals("EOSE") ? 0 : 100);
        }
        return client;
    }

    /// The id of an event, or `CLOSED`.
    private static String next(RelayClient client) throws Exception {
        JsonNode message = client.take();
        return message.get(0).asString().equals("EVENT")
                ? message.get(2).get("id").asString()
                : message.get(0).asString();
    }

    /// Someone whose events that indexer decides.
    private Author authorAt(String indexer) throws Exception {
        try (RelayClient client = new RelayClient(cluster.gateways().getFirst())) {
            while (true) {
                Author author = new Author();
                double before = cluster.measured(indexer, DECIDED);
                Author.publish(client, author.notes(1));
                if (Await.until(DECISION, () -> cluster.measured(indexer, DECIDED) > before)) {
                    return author;
                }
            }
        }
    }
}
