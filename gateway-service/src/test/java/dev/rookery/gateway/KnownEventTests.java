package dev.rookery.gateway;

import static dev.rookery.gateway.RunningGateway.event;
import static dev.rookery.gateway.RunningGateway.ok;
import static dev.rookery.gateway.RunningGateway.publish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.gateway.position.Reached;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.link.LinkFrame.Statuses;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An event that comes again: the store is asked before it is checked and logged, and its word alone counts.
@Timeout(60)
class KnownEventTests {

    private static final String DUPLICATE = "duplicate: already have this event";

    private RunningGateway gateway;
    private RawClient client;

    @BeforeEach
    void open() throws Exception {
        gateway = RunningGateway.start("--relay.limits.enabled=false", "--relay.publish.status-after=10s");
        client = gateway.client();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        gateway.close();
    }

    @Test
    void answersForWhatIsStoredWithoutLoggingIt() throws Exception {
        Event note = stored("again");
        gateway.statuses.knows = question -> Decision.DUPLICATE;
        client.text(publish(note));

        assertThat(client.message()).isEqualTo(ok(note.id(), true, DUPLICATE));
        assertThat(gateway.log.all).hasSize(1);
        assertThat(gateway.statuses.asked).containsExactly(Question.whetherStored(note.id()));
        assertThat(found("stored")).isEqualTo(1);
    }

    /// It was stored, and has been deleted or replaced since: that is for the indexer to say.
    @Test
    void sendsTheFullWayWhatIsNotThereAnyMore() throws Exception {
        Event note = stored("deleted since");
        gateway.statuses.knows = question -> Decision.UNKNOWN;
        client.text(publish(note));
        gateway.log.next();
        gateway.verdicts.decide(note.id(), Decision.DELETED);

        assertThat(client.message()).isEqualTo(ok(note.id(), false, "blocked: this event has been deleted"));
        assertThat(found("not-stored")).isEqualTo(1);
    }

    /// As a service of an earlier release says of an event that was accepted, and may be gone.
    @Test
    void takesNoOtherWordForIt() throws Exception {
        Event note = stored("accepted once");
        gateway.statuses.knows = question -> Decision.ACCEPTED;
        client.text(publish(note));
        gateway.log.next();
        gateway.verdicts.decide(note.id(), Decision.DELETED);

        assertThat(client.message()).isEqualTo(ok(note.id(), false, "blocked: this event has been deleted"));
    }

    @Test
    void sendsTheFullWayWhatCannotBeAskedAbout() throws Exception {
        Event note = stored("no answer");
        gateway.statuses.answer = questions -> CompletableFuture.failedFuture(new IllegalStateException("gone"));
        client.text(publish(note));
        gateway.log.next();
        gateway.verdicts.decide(note.id(), Decision.DUPLICATE);

        assertThat(client.message()).isEqualTo(ok(note.id(), true, DUPLICATE));
        assertThat(found("stored")).isZero();
    }

    @Test
    void waitsForNoAnswerLongerThanABit() throws Exception {
        try (RunningGateway hasty = RunningGateway.start("--relay.publish.status-after=100ms");
                RawClient other = hasty.client()) {
            Event note = event(1, "slow");
            other.text(publish(note));
            hasty.log.next();
            hasty.verdicts.decide(note.id(), Decision.ACCEPTED);
            other.message();
            hasty.statuses.answer = questions -> new CompletableFuture<>();
            other.text(publish(note));
            hasty.log.next();
            hasty.verdicts.decide(note.id(), Decision.DUPLICATE);
            assertThat(other.message()).isEqualTo(ok(note.id(), true, DUPLICATE));
        }
    }

    /// The event is there, with the signature that it came in with: the bad one goes nowhere.
    @Test
    void tellsThatItIsThereWhateverSignatureTheCopyHas() throws Exception {
        Event note = stored("forged");
        gateway.statuses.knows = question -> Decision.DUPLICATE;
        client.text(publish(note).replaceAll("\"sig\":\"[0-9a-f]+\"", "\"sig\":\"" + "0".repeat(128) + "\""));

        assertThat(client.message()).isEqualTo(ok(note.id(), true, DUPLICATE));
        assertThat(gateway.log.all).hasSize(1);
    }

    @Test
    void checksTheSignatureOfSuchACopyWhereTheEventIsGone() throws Exception {
        Event note = stored("forged and gone");
        gateway.statuses.knows = question -> Decision.UNKNOWN;
        client.text(publish(note).replaceAll("\"sig\":\"[0-9a-f]+\"", "\"sig\":\"" + "0".repeat(128) + "\""));

        assertThat(client.message()).isEqualTo(ok(note.id(), false, "invalid: signature is not that of the author"));
    }

    @Test
    void checksTheIdBeforeAnythingElse() throws Exception {
        Event note = stored("original");
        gateway.statuses.knows = question -> Decision.DUPLICATE;
        client.text(publish(note).replace("original", "changed!"));

        assertThat(client.message()).isEqualTo(ok(note.id(), false, "invalid: id is not the hash of the event"));
    }

    @Test
    void ignoresAnAnswerOfAnEpochThatIsOver() throws Exception {
        Event note = stored("epochs");
        gateway.bean(Reached.class).raise(new Position(2, 0));
        gateway.statuses.knows = question -> Decision.DUPLICATE;
        client.text(publish(note));
        gateway.log.next();
        gateway.verdicts.decide(new Position(2, 5), note.id(), Decision.ACCEPTED);

        assertThat(client.message()).isEqualTo(ok(note.id(), true, ""));
    }

    @Test
    void raisesWhatIsReachedByTheAnswer() throws Exception {
        Event note = stored("reached");
        gateway.statuses.answer = questions ->
                CompletableFuture.completedFuture(new Statuses(1, new Position(1, 500), List.of(Decision.DUPLICATE)));
        client.text(publish(note));
        client.message();

        assertThat(gateway.bean(Reached.class).get()).isEqualTo(new Position(1, 500));
    }

    @Test
    void answersEachOfManyOnce() throws Exception {
        List<Event> notes =
                IntStream.range(0, 300).mapToObj(i -> event(1, "many " + i)).toList();
        for (Event note : notes) {
            client.text(publish(note));
            gateway.log.next();
            gateway.verdicts.decide(note.id(), Decision.ACCEPTED);
            client.message();
        }
        gateway.statuses.knows = question -> Decision.DUPLICATE;
        Thread indexer = Thread.ofVirtual().start(this::decideWhatWasForgotten);
        for (Event note : notes) {
            client.text(publish(note));
        }
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < notes.size(); i++) {
            answers.add(client.message());
        }
        indexer.interrupt();
        assertThat(answers)
                .containsExactlyInAnyOrderElementsOf(notes.stream()
                        .map(note -> ok(note.id(), true, DUPLICATE))
                        .toList());
    }

    /// Of so many ids some have taken each other's place, and go the full way.
    private void decideWhatWasForgotten() {
        try {
            while (true) {
                Event forgotten = EventReader.read(gateway.log.records.take().value());
                gateway.verdicts.decide(forgotten.id(), Decision.DUPLICATE);
            }
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        } catch (MalformedMessageException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Event stored(String content) throws Exception {
        Event note = event(1, content);
        client.text(publish(note));
        gateway.log.next();
        gateway.verdicts.decide(note.id(), Decision.ACCEPTED);
        assertThat(client.message()).isEqualTo(ok(note.id(), true, ""));
        return note;
    }

    private double found(String what) {
        return gateway.bean(MeterRegistry.class)
                .get("rookery.gateway.events.known")
                .tag("found", what)
                .counter()
                .count();
    }
}
