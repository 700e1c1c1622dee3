package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.embedded.Await;
import dev.rookery.event.Event;
import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.faults.load.Campaign;
import dev.rookery.faults.load.Report;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The broker is gone, or too slow to be heard: events are refused with `error:`, so that sending them again is safe,
/// and reading goes on.
@ExtendWith(ClusterExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class KafkaOutageIT {

    /// Beyond what an event waits for the broker.
    private static final Duration LENGTH = Duration.ofSeconds(5);

    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final int SOME = 20;

    private final Cluster cluster;
    private final Author author = new Author();
    private final long seed = System.nanoTime();

    KafkaOutageIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void refusesWithErrorAndGoesOnReadingWhileTheBrokerIsGone() throws Exception {
        try (Campaign campaign = new Campaign(cluster.gateways(), seed, new Campaign.Load(1, 1, 20));
                Watch first = new Watch(cluster.gateways().getFirst(), author);
                Watch last = new Watch(cluster.gateways().getLast(), author)) {
            campaign.start();
            campaign.awaitStored(SOME);
            Event known = author.note();
            publishUntilTaken(known);
            for (URI gateway : cluster.gateways()) {
                awaitFound(gateway, known);
            }

            cluster.node("kafka").kill();
            List<Event> refused = refusals(known);
            cluster.heal();

            for (Event event : refused) {
                publishUntilTaken(event);
            }
            for (Watch watch : List.of(first, last)) {
                assertThat(watch.until(refused.getLast()))
                        .doesNotHaveDuplicates()
                        .containsAll(refused.stream()
                                .map(event -> event.id().toString())
                                .toList());
            }
            assertEachIsStoredOnce(refused);
            campaign.awaitStored(SOME);
            Report report = campaign.finish();
            assertThat(report.complaints()).as("seed " + seed).isEmpty();
            assertThat(report.ends()).as("subscriptions that ended").isEmpty();
        }
    }

    @Test
    void startsAndReadsWhileTheBrokerIsGoneAndTakesEventsOnceItIsBack() throws Exception {
        Event known = author.note();
        publishUntilTaken(known);
        cluster.node("gateway-1").kill();
        cluster.node("kafka").kill();
        cluster.node("gateway-1").start();
        awaitFound(cluster.gateways().getFirst(), known);

        Event refused = author.note();
        assertIsError(new Visitor(cluster.gateways().getFirst()).publishes(refused));

        cluster.heal();
        publishUntilTaken(refused);
        assertEachIsStoredOnce(List.of(known, refused));
    }

    /// It is written to the log after its gateway has given up waiting.
    @Test
    void saysDuplicateToWhatHasLandedThoughItWasRefused() throws Exception {
        Event event = author.note();
        Visitor visitor = new Visitor(cluster.gateways().getFirst());
        try (Watch watch = new Watch(cluster.gateways().getLast(), author)) {
            cluster.between("gateway-1", "kafka").delay(Duration.ofMillis(3_500));
            assertIsError(visitor.publishes(event));
            watch.until(event);
            cluster.heal();

            assertThat(publishUntilTaken(event).message()).startsWith("duplicate:");

            Event after = author.note();
            publishUntilTaken(after);
            assertThat(watch.until(after))
                    .containsExactly(event.id().toString(), after.id().toString());
        }
    }

    private List<Event> refusals(Event known) throws Exception {
        List<Event> refused = new ArrayList<>();
        long end = System.nanoTime() + LENGTH.toNanos();
        while (System.nanoTime() - end < 0) {
            for (URI gateway : cluster.gateways()) {
                Visitor visitor = new Visitor(gateway);
                Event event = author.note();
                assertIsError(visitor.publishes(event));
                refused.add(event);
                assertThat(visitor.asks("{\"ids\":[\"" + known.id() + "\"]}"))
                        .isEqualTo(new Visitor.Answer(List.of(known.id().toString()), "EOSE"));
            }
        }
        return refused;
    }

    /// Elsewhere than at the gateway that took it, an event is found as soon as the log has brought it.
    private static void awaitFound(URI gateway, Event event) throws Exception {
        Visitor visitor = new Visitor(gateway);
        assertThat(Await.until(BOUND, () -> finds(visitor, event)))
                .as("%s is found at %s", event.id(), gateway)
                .isTrue();
    }

    private static boolean finds(Visitor visitor, Event event) {
        try {
            return visitor.asks("{\"ids\":[\"" + event.id() + "\"]}")
                    .equals(new Visitor.Answer(List.of(event.id().toString()), "EOSE"));
        } catch (IOException | CompletionException notUp) {
            return false;
        } catch (Exception unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private static void assertIsError(RelayClient.Ok ok) {
        assertThat(ok.accepted()).as(ok.toString()).isFalse();
        assertThat(ok.message()).startsWith("error:");
    }

    /// At either gateway in turn, as long as the answer says that sending again is safe.
    private RelayClient.Ok publishUntilTaken(Event event) throws Exception {
        long end = System.nanoTime() + BOUND.toNanos();
        for (int turn = 0; ; turn++) {
            URI gateway = cluster.gateways().get(turn % cluster.gateways().size());
            RelayClient.Ok ok = new Visitor(gateway).publishes(event);
            if (ok.accepted()) {
                assertThat(ok.message()).matches(message -> message.isEmpty() || message.startsWith("duplicate:"));
                return ok;
            }
            assertIsError(ok);
            assertThat(System.nanoTime() - end)
                    .as("%s goes on saying %s", gateway, ok)
                    .isNegative();
        }
    }

    private void assertEachIsStoredOnce(List<Event> events) throws Exception {
        for (URI gateway : cluster.gateways()) {
            for (Event event : events) {
                awaitFound(gateway, event);
            }
            Visitor.Answer answer = new Visitor(gateway).asks(author.filter());
            assertThat(answer.end()).isEqualTo("EOSE");
            assertThat(answer.ids())
                    .doesNotHaveDuplicates()
                    .containsAll(
                            events.stream().map(event -> event.id().toString()).toList());
        }
    }
}
