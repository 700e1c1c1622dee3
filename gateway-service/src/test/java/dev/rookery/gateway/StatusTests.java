package dev.rookery.gateway;

import static dev.rookery.gateway.RunningGateway.event;
import static dev.rookery.gateway.RunningGateway.ok;
import static dev.rookery.gateway.RunningGateway.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rookery.event.Event;
import dev.rookery.gateway.link.Link;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.gateway.position.Reached;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.link.LinkFrame.Statuses;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Verdicts that do not come by themselves.
@Timeout(60)
class StatusTests {

    @Test
    void asksForAVerdictThatWasLost() throws Exception {
        try (RunningGateway gateway = RunningGateway.start();
                RawClient client = gateway.client()) {
            gateway.statuses.knows = question -> Decision.ACCEPTED;
            Event note = event(1, "lost");
            long sent = System.nanoTime();
            client.text(publish(note));
            gateway.log.next();
            assertThat(client.message()).isEqualTo(ok(note.id(), true, ""));
            assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThan(Duration.ofMillis(250));
            assertThat(gateway.statuses.asked).extracting(Question::id).containsExactly(note.id());
            assertThat(gateway.statuses.asked.getFirst().topic()).isEqualTo("nostr.index");
            assertThat(gateway.bean(Reached.class).get()).isEqualTo(new Position(1, 1));
        }
    }

    @Test
    void asksAtOnceWhenRedisIsGone() throws Exception {
        try (RunningGateway gateway = RunningGateway.start("--relay.publish.status-after=1h");
                RawClient client = gateway.client()) {
            gateway.verdicts.connected = false;
            gateway.statuses.knows = question -> Decision.DUPLICATE;
            Event note = event(1, "no Redis");
            client.text(publish(note));
            assertThat(client.message()).isEqualTo(ok(note.id(), true, "duplicate: already have this event"));
        }
    }

    /// Verdicts of a lane come in the order of its offsets.
    @Test
    void asksAtOnceForAVerdictThatALaterOneOfItsLaneHasPassed() throws Exception {
        try (RunningGateway gateway = RunningGateway.start("--relay.publish.status-after=1h");
                RawClient client = gateway.client()) {
            gateway.statuses.knows = question -> Decision.SUPERSEDED;
            Event lost = event(1, "lost");
            Event later = event(1, "later");
            client.text(publish(lost));
            gateway.log.next();
            client.text(publish(later));
            gateway.log.next();
            gateway.verdicts.decide(later.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(later.id(), true, ""));
            assertThat(client.message()).isEqualTo(ok(lost.id(), false, "invalid: a newer version is stored"));
            assertThat(gateway.statuses.asked).extracting(Question::id).containsExactly(lost.id());
        }
    }

    @Test
    void answersErrorWhenNobodyDecidesInTime() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.publish.verdict-within=600ms", "--relay.publish.status-after=100ms");
                RawClient client = gateway.client()) {
            Event note = event(1, "undecided");
            client.text(publish(note));
            assertThat(client.message())
                    .isEqualTo(ok(note.id(), false, "error: not decided in time, sending it again is safe"));
            assertThat(gateway.statuses.asked).as("waits double").hasSizeBetween(1, 3);
        }
    }

    @Test
    void acceptsProvisionallyWhileTheDatabaseIsDownUpToABound() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.publish.verdict-within=300ms",
                        "--relay.publish.status-after=50ms",
                        "--relay.publish.max-provisional=1");
                RawClient client = gateway.client()) {
            gateway.statuses.answer = StatusTests::databaseDown;
            Event first = event(1, "first");
            client.text(publish(first));
            assertThat(client.message()).isEqualTo(ok(first.id(), true, "info: logged, not yet indexed"));
            Event second = event(1, "second");
            client.text(publish(second));
            assertThat(client.message()).isEqualTo(ok(second.id(), false, "error: overloaded, send it again later"));
            assertThat(gateway.log.all).hasSize(1);
        }
    }

    /// Then nobody knows whether the database is down: the indexer may well decide.
    @Test
    void answersErrorWhenThereIsNoLinkToAskOver() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.publish.verdict-within=300ms", "--relay.publish.status-after=50ms");
                RawClient client = gateway.client()) {
            gateway.statuses.answer = questions -> new QueryClient().status(Position.NONE, questions);
            Event note = event(1, "unheard");
            client.text(publish(note));
            assertThat(client.message())
                    .isEqualTo(ok(note.id(), false, "error: not decided in time, sending it again is safe"));
        }
    }

    @Test
    void takesUpAgainOnceTheDatabaseAnswers() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.publish.verdict-within=400ms", "--relay.publish.status-after=50ms");
                RawClient client = gateway.client()) {
            gateway.statuses.answer = StatusTests::databaseDown;
            Event first = event(1, "down");
            client.text(publish(first));
            assertThat(client.message()).contains("info: logged");
            gateway.statuses.answer = questions -> CompletableFuture.completedFuture(new Statuses(
                    1,
                    new Position(1, 7),
                    questions.stream().map(q -> Decision.ACCEPTED).toList()));
            Event second = event(1, "up");
            client.text(publish(second));
            assertThat(client.message()).isEqualTo(ok(second.id(), true, ""));
            assertThat(gateway.bean(Reached.class).get()).isEqualTo(new Position(1, 7));
        }
    }

    /// While nothing is logged, no event asks for its status. The store is asked all the same, or its one failure would
    /// shut this gateway for good.
    @Test
    void takesUpAgainWhereNothingMayBeProvisional() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.publish.verdict-within=300ms",
                        "--relay.publish.status-after=50ms",
                        "--relay.publish.max-provisional=0");
                RawClient client = gateway.client()) {
            gateway.statuses.answer = StatusTests::databaseDown;
            Event first = event(1, "none is provisional");
            client.text(publish(first));
            assertThat(client.message()).contains("error: not decided in time");
            gateway.log.next();
            Event second = event(1, "refused while the store is away");
            client.text(publish(second));
            assertThat(client.message()).contains("error: overloaded");
            gateway.statuses.answer = questions -> CompletableFuture.completedFuture(new Statuses(
                    1,
                    new Position(1, 7),
                    questions.stream().map(q -> Decision.ACCEPTED).toList()));
            assertThat(acceptedWithin(Duration.ofSeconds(30), client, event(1, "taken")))
                    .isTrue();
        }
    }

    /// Sends it again for as long as it is refused.
    private static boolean acceptedWithin(Duration bound, RawClient client, Event event) throws Exception {
        long end = System.nanoTime() + bound.toNanos();
        do {
            client.text(publish(event));
            if (client.message().equals(ok(event.id(), true, ""))) {
                return true;
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        } while (System.nanoTime() < end);
        return false;
    }

    @Test
    void takesUpAgainOnceAVerdictShowsThatTheDatabaseIsBack() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.publish.verdict-within=300ms",
                        "--relay.publish.status-after=50ms",
                        "--relay.publish.max-provisional=1");
                RawClient client = gateway.client()) {
            gateway.statuses.answer = StatusTests::databaseDown;
            Event first = event(1, "provisional, then decided");
            client.text(publish(first));
            assertThat(client.message()).contains("info: logged");
            gateway.log.next();
            gateway.verdicts.decide(first.id(), Decision.ACCEPTED);
            Event second = event(1, "taken");
            client.text(publish(second));
            gateway.log.next();
            gateway.verdicts.decide(second.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(second.id(), true, ""));
        }
    }

    /// The question was asked before the gateway heard that the database has gone back.
    @Test
    void ignoresAStatusOfAnOlderEpoch() throws Exception {
        try (RunningGateway gateway = RunningGateway.start("--relay.publish.status-after=50ms");
                RawClient client = gateway.client()) {
            gateway.bean(Reached.class).raise(new Position(2, 1));
            gateway.statuses.knows = question -> Decision.DELETED;
            Event note = event(1, "epochs");
            client.text(publish(note));
            gateway.log.next();
            await().atMost(Duration.ofSeconds(30)).until(() -> !gateway.statuses.asked.isEmpty());
            gateway.verdicts.decide(new Position(2, 2), note.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(note.id(), true, ""));
        }
    }

    @Test
    void countsByWhichWayVerdictsCome() throws Exception {
        try (RunningGateway gateway = RunningGateway.start("--relay.publish.status-after=50ms");
                RawClient client = gateway.client()) {
            gateway.statuses.knows = question -> Decision.ACCEPTED;
            client.text(publish(event(1, "asked")));
            client.message();
            gateway.statuses.knows = question -> Decision.UNDECIDED;
            gateway.log.next();
            Event heard = event(1, "heard");
            client.text(publish(heard));
            gateway.log.next();
            gateway.verdicts.decide(heard.id(), Decision.ACCEPTED);
            client.message();
            for (String way : List.of("asked", "heard")) {
                assertThat(gateway.bean(MeterRegistry.class)
                                .get("rookery.gateway.verdicts")
                                .tag("way", way)
                                .counter()
                                .count())
                        .as(way)
                        .isEqualTo(1);
            }
        }
    }

    /// With the indexers dead and the database well, whatever is logged is only sent, and logged, again.
    @Test
    void refusesBeforeLoggingWhileDecisionsLagAndTakesUpAgain() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.limits.enabled=false",
                        "--relay.publish.verdict-within=200ms",
                        "--relay.publish.status-after=20ms",
                        "--relay.publish.max-lag=1s");
                RawClient client = gateway.client()) {
            Event note = event(1, "undecided");
            client.text(publish(note));
            assertThat(client.message()).contains("error: not decided in time");
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                client.text(publish(note));
                return client.message().contains("error: overloaded");
            });
            Event ephemeral = event(20_001, "is not decided");
            client.text(publish(ephemeral));
            assertThat(client.message()).isEqualTo(ok(ephemeral.id(), true, ""));
            Event next = event(1, "taken again");
            gateway.statuses.knows =
                    question -> question.id().equals(next.id()) ? Decision.ACCEPTED : Decision.UNDECIDED;
            String forged = publish(note).replaceAll("\"sig\":\"[0-9a-f]{64}", "\"sig\":\"" + "0".repeat(64));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                client.text(forged);
                return client.message().contains("invalid: signature");
            });
            client.text(publish(next));
            assertThat(client.message())
                    .as("what is forged has not used up the trial")
                    .isEqualTo(ok(next.id(), true, ""));
        }
    }

    /// Several are past the first look by the time one of them has been let in. In the end each has its author's share
    /// back, and so has that one, which nobody has decided.
    @Test
    void costsAuthorsNothingWhileDecisionsLag() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(
                        "--relay.limits.events-per-author=1 per minute, burst 20",
                        "--relay.publish.signature-threads=1",
                        "--relay.publish.verdict-within=200ms",
                        "--relay.publish.status-after=20ms",
                        "--relay.publish.max-lag=1s");
                RawClient client = gateway.client()) {
            String note = publish(event(1, "undecided"));
            awaitAnswer(client, note, "error: overloaded");
            awaitAnswer(client, note.replaceAll("\"sig\":\"[0-9a-f]{64}", "\"sig\":\"" + "0".repeat(64)), "signature");
            ByteArrayOutputStream atOnce = new ByteArrayOutputStream();
            for (int i = 0; i < 20; i++) {
                byte[] message = publish(event(1, "at once " + i)).getBytes(UTF_8);
                atOnce.writeBytes(RawClient.masked(RawClient.FINAL | RawClient.TEXT, message));
            }
            client.raw(atOnce.toByteArray());
            for (int i = 0; i < 20; i++) {
                assertThat(client.message()).contains("error: ");
            }
            gateway.statuses.knows = question -> Decision.ACCEPTED;
            for (int i = 0; i < 20; i++) {
                awaitAnswer(client, publish(event(1, "share " + i)), "true,\"\"");
            }
            awaitAnswer(client, publish(event(1, "too many")), "rate-limited: ");
        }
    }

    private static void awaitAnswer(RawClient client, String message, String answer) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            client.text(message);
            return client.message().contains(answer);
        });
    }

    @Test
    void refusesBeforeLoggingWhenTooMuchIsPending() throws Exception {
        try (RunningGateway gateway = RunningGateway.start("--relay.publish.max-pending=2");
                RawClient client = gateway.client()) {
            List<Event> events = List.of(event(1, "a"), event(1, "b"), event(1, "c"));
            client.text(publish(events.get(0)));
            gateway.log.next();
            client.text(publish(events.get(1)));
            gateway.log.next();
            client.text(publish(events.get(2)));
            assertThat(client.message())
                    .isEqualTo(ok(events.get(2).id(), false, "error: overloaded, send it again later"));
            for (Event event : events.subList(0, 2)) {
                gateway.verdicts.decide(event.id(), Decision.ACCEPTED);
                assertThat(client.message()).isEqualTo(ok(event.id(), true, ""));
            }
        }
    }

    private static CompletableFuture<Statuses> databaseDown(List<Question> questions) {
        QueryClient query = new QueryClient();
        query.opened(new Link(
                frame -> {
                    if (frame instanceof LinkFrame.Status status) {
                        query.received(new LinkFrame.Failed(status.request(), Failure.UNAVAILABLE, "no database"));
                    }
                },
                () -> true,
                () -> {}));
        return query.status(Position.NONE, questions);
    }
}
