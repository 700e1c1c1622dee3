package dev.rookery.gateway;

import static dev.rookery.gateway.RunningGateway.event;
import static dev.rookery.gateway.RunningGateway.now;
import static dev.rookery.gateway.RunningGateway.ok;
import static dev.rookery.gateway.RunningGateway.publish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.event.Tag;
import dev.rookery.order.Decision;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whose share is used up by what: an author's by what becomes stored, an address's by whatever comes from it.
@Timeout(60)
class RatesTests {

    private static final String ONE_OF_AUTHOR = "--relay.limits.events-per-author=1 per minute, burst 1";
    private static final String TOO_FAST = "rate-limited: slow down there chief";
    private static final HexFormat HEX = HexFormat.of();

    /// Anybody can send it again.
    @Test
    void whatDoesNotBecomeStoredCostsItsAuthorNothing() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(ONE_OF_AUTHOR);
                RawClient client = gateway.client()) {
            for (Decision decision : EnumSet.complementOf(EnumSet.of(Decision.ACCEPTED, Decision.UNDECIDED))) {
                Event old = event(1, "old " + decision);
                client.text(publish(old));
                gateway.log.next();
                gateway.verdicts.decide(old.id(), decision);
                assertThat(client.message()).contains(old.id().toString()).doesNotContain(TOO_FAST);
            }
            gateway.log.down = true;
            client.text(publish(event(1, "not logged")));
            assertThat(client.message()).contains("error: cannot be logged");
            gateway.log.down = false;
            assertAccepted(gateway, client, event(1, "own"));
            assertTooFast(client, event(1, "another"));
        }
    }

    /// A second good signature for an event that waits for its decision. The ephemeral event goes on behind it.
    @Test
    void anEventThatIsSentTwiceBeforeItsDecisionIsCountedOnce() throws Exception {
        try (RunningGateway gateway = RunningGateway.start("--relay.limits.events-per-author=1 per minute, burst 2");
                RawClient client = gateway.client();
                RawClient other = gateway.client()) {
            Event note = event(1, "signed twice");
            byte[] id = note.id().toBytes();
            client.text(publish(note));
            gateway.log.next();
            String signature = HEX.formatHex(RunningGateway.SIGNER.sign(id, id));
            other.text(publish(note).replace(HEX.formatHex(note.signature()), signature));
            Event behind = event(20_001, "behind");
            other.text(publish(behind));
            assertThat(other.message()).isEqualTo(ok(behind.id(), true, ""));
            assertThat(gateway.log.next().topic()).isEqualTo("nostr.broadcast");
            gateway.verdicts.decide(note.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(note.id(), true, ""));
            assertThat(other.message()).isEqualTo(ok(note.id(), true, ""));
            assertAccepted(gateway, client, event(1, "another"));
            assertTooFast(client, event(1, "a third"));
        }
    }

    /// NIP-09 and NIP-62: what an author wants to be gone does not wait.
    @Test
    void requestsToDeleteAndToVanishAreNotCountedForTheirAuthor() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(ONE_OF_AUTHOR);
                RawClient client = gateway.client()) {
            assertAccepted(gateway, client, event(1, "own"));
            assertTooFast(client, event(1, "another"));
            List<Tag> everywhere = List.of(Tag.of("relay", "ALL_RELAYS"));
            assertAccepted(gateway, client, event(5, ""), Event.of(RunningGateway.SIGNER, now(), 62, everywhere, ""));
        }
    }

    /// Nobody can say whether they were here before.
    @Test
    void ephemeralEventsAreCountedForTheirAuthorAtEachAddress() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(ONE_OF_AUTHOR, "--relay.proxy.trusted=127.0.0.1");
                RawClient author = gateway.client("X-Forwarded-For: 198.51.100.1");
                RawClient stranger = gateway.client("X-Forwarded-For: 198.51.100.2")) {
            Event old = event(20_001, "old");
            stranger.text(publish(old));
            assertThat(stranger.message()).isEqualTo(ok(old.id(), true, ""));
            assertTooFast(stranger, old);
            Event own = event(20_001, "own");
            author.text(publish(own));
            assertThat(author.message()).isEqualTo(ok(own.id(), true, ""));
            assertTooFast(author, event(20_001, "another"));
            gateway.log.records.clear();
            assertAccepted(gateway, author, event(1, "stored"));
        }
    }

    /// Refused for whose it is, for its id, its time, its tags or its form.
    @ParameterizedTest
    @ValueSource(
            strings = {"auth-required: ", "invalid: id is", "invalid: created_at", "invalid: more than", "invalid: sig"
            })
    void anEventCountsForItsAddressWhyeverItIsRefused(String reason) throws Exception {
        try (RunningGateway gateway = RunningGateway.start("--relay.limits.events-per-address=1 per minute, burst 3");
                RawClient client = gateway.client()) {
            String refused = refused(reason);
            for (int i = 0; i < 3; i++) {
                client.text(refused);
                assertThat(afterChallenge(client)).contains(",false,\"" + reason);
            }
            String id = refused.replaceAll("(?s).*\"id\":\"([0-9a-f]{64})\".*", "$1");
            client.text(refused);
            assertThat(client.message()).isEqualTo("[\"OK\",\"" + id + "\",false,\"" + TOO_FAST + "\"]");
            assertTooFast(client, event(1, "good"));
        }
    }

    private static String refused(String reason) {
        Event note = event(1, "note");
        return switch (reason) {
            case "auth-required: " -> publish(tagged(List.of(Tag.of("t"), Tag.of("-"))));
            case "invalid: id is" -> publish(note).replace("note", "nota");
            case "invalid: created_at" -> publish(Event.of(RunningGateway.SIGNER, 1, 1, List.of(), ""));
            case "invalid: more than" -> publish(tagged(Collections.nCopies(2_001, Tag.of("t"))));
            default -> publish(note).replaceAll("\"sig\":\"..", "\"sig\":\"");
        };
    }

    private static Event tagged(List<Tag> tags) {
        return Event.of(RunningGateway.SIGNER, now(), 1, tags, "");
    }

    /// One more for each full 64 KB.
    @Test
    void aLargeEventCountsAsSeveralForItsAddress() throws Exception {
        try (RunningGateway gateway = RunningGateway.start("--relay.limits.events-per-address=1 per minute, burst 12");
                RawClient client = gateway.client()) {
            assertAccepted(gateway, client, event(30_023, "a".repeat(100_000)));
            Event large = event(30_023, "b".repeat(500_000));
            client.text(publish(large).replace("bbb\"", "bbc\""));
            assertThat(client.message()).as("8 more").contains("invalid: id is not the hash");
            assertTooFast(client, large);
            assertAccepted(gateway, client, event(1, "small"));
            assertTooFast(client, event(30_023, "c".repeat(70_000)));
            assertAccepted(gateway, client, event(1, "small too"));
            assertTooFast(client, event(1, "any"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"REQ\",\"a\",{\"kinds\":[1059]}]             | [\"CLOSED\",\"a\",  | auth-required: ",
                "[\"COUNT\",\"a\",{\"kinds\":[1059]}]           | [\"CLOSED\",\"a\",  | auth-required: ",
                "[\"NEG-OPEN\",\"a\",{\"kinds\":[1059]},\"61\"] | [\"NEG-ERR\",\"a\", | auth-required: ",
                "[\"REQ\",\"a\",{\"limit\":-1}]                 | [\"CLOSED\",\"a\",  | invalid: ",
                "[\"REQ\",\"a\",{\"foo\":1}]                    | [\"CLOSED\",\"a\",  | unsupported: ",
                "[\"COUNT\",\"a\",{\"limit\":-1}]               | [\"CLOSED\",\"a\",  | invalid: ",
                "[\"NEG-MSG\",\"a\",\"x\"]                      | [\"NEG-ERR\",\"a\", | invalid: ",
                "[\"EVENT\",{}]                                 | [\"NOTICE\",        | invalid: ",
                "{                                              | [\"NOTICE\",        | invalid: "
            })
    void aRequestCountsForItsAddressWhyeverItIsRefused(String message, String head, String reason) throws Exception {
        try (RunningGateway gateway =
                        RunningGateway.start("--relay.limits.requests-per-address=1 per minute, burst 2");
                RawClient client = gateway.client();
                RawClient other = gateway.client()) {
            for (RawClient one : List.of(client, other)) {
                one.text(message);
                assertThat(afterChallenge(one)).startsWith(head + "\"" + reason);
            }
            client.text(message);
            assertThat(client.message()).isEqualTo(head + "\"" + TOO_FAST + "\"]");
            client.text("[\"REQ\",\"good\",{}]");
            assertThat(client.message()).isEqualTo("[\"CLOSED\",\"good\",\"" + TOO_FAST + "\"]");
        }
    }

    private static String afterChallenge(RawClient client) throws IOException {
        String message = client.message();
        return message.startsWith("[\"AUTH\",") ? client.message() : message;
    }

    private static void assertTooFast(RawClient client, Event event) throws IOException {
        client.text(publish(event));
        assertThat(client.message()).isEqualTo(ok(event.id(), false, TOO_FAST));
    }

    private static void assertAccepted(RunningGateway gateway, RawClient client, Event... events) throws Exception {
        for (Event event : events) {
            client.text(publish(event));
            assertThat(EventReader.read(gateway.log.next().value())).isEqualTo(event);
            gateway.verdicts.decide(event.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(event.id(), true, ""));
        }
    }
}
