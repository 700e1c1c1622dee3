package dev.rookery.faults.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient.Ok;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LedgerTests {

    private static final Ok STORED = new Ok(true, "");
    private static final Ok DUPLICATE = new Ok(true, "duplicate: known");
    private static final Ok LOGGED = new Ok(true, "info: logged, not yet indexed");
    private static final Ok UNKNOWN = new Ok(false, "error: not decided in time");
    private static final Ok REFUSED = new Ok(false, "invalid: a newer version is stored");

    private final Ledger ledger = new Ledger();
    private final SchnorrSigner author = new SchnorrSigner(secret());

    @Test
    void owesWhatWasPromisedAndForbidsWhatWasRefused() {
        Sent stored = answered(note("stored"), STORED);
        Sent logged = answered(note("logged"), LOGGED);
        Sent refused = answered(note("refused"), REFUSED);
        answered(note("unknown"), UNKNOWN);

        assertThat(ledger.owed()).containsExactlyInAnyOrder(stored.id(), logged.id());
        assertThat(ledger.forbidden()).containsExactly(refused.id());
        assertThat(ledger.neverStored()).containsExactly(refused.id());
        assertThat(ledger.storedAt("here")).containsExactly(stored.id());
        assertThat(ledger.complaints()).isEmpty();
    }

    @Test
    void owesOnlyTheNewestVersionAndForbidsThoseThatItReplaces() {
        Sent older = answered(version(10, "older"), STORED);
        Sent newer = answered(version(11, "newer"), STORED);

        assertThat(ledger.owed()).containsExactly(newer.id());
        assertThat(ledger.forbidden()).containsExactly(older.id());
    }

    @Test
    void owesNeitherAndForbidsNeitherWhileItIsUnknownWhetherTheNewerIsStored() {
        Sent older = answered(version(10, "older"), STORED);
        Sent newer = answered(version(11, "newer"), UNKNOWN);
        assertThat(ledger.owed()).isEmpty();
        assertThat(ledger.forbidden()).isEmpty();

        ledger.answered(newer.id(), "here", DUPLICATE);

        assertThat(ledger.owed()).containsExactly(newer.id());
        assertThat(ledger.forbidden()).containsExactly(older.id());
    }

    @Test
    void letsAVersionHaveBeenDeliveredThatWasRefusedOnlyWhenSentAgain() {
        Sent sent = answered(version(10, "once unknown"), UNKNOWN);
        ledger.answered(sent.id(), "here", REFUSED);

        assertThat(ledger.forbidden()).containsExactly(sent.id());
        assertThat(ledger.neverStored()).isEmpty();
    }

    @Test
    void complainsOfAnswersThatContradictEachOther() {
        Sent stored = answered(note("stored"), STORED);
        ledger.answered(stored.id(), "there", REFUSED);
        assertThat(ledger.complaints()).hasSize(1);

        Sent refused = answered(note("refused"), REFUSED);
        ledger.answered(refused.id(), "there", STORED);
        assertThat(ledger.complaints()).hasSize(2);

        answered(note("sent once"), DUPLICATE);
        assertThat(ledger.complaints()).hasSize(3);

        Sent forged = note("forged");
        answered(new Sent(forged.event(), forged.json(), true), STORED);
        assertThat(ledger.complaints()).hasSize(4);
    }

    @Test
    void complainsOfOtherBytesThanThoseSent() {
        Sent sent = answered(note("same"), STORED);
        ledger.served(sent.id(), sent.json(), "here");
        assertThat(ledger.complaints()).isEmpty();

        ledger.served(sent.id(), sent.json().replace("\"kind\":1", "\"kind\": 1"), "here");
        ledger.served("00", "{}", "here");

        assertThat(ledger.complaints()).hasSize(2);
    }

    private Sent answered(Sent sent, Ok ok) {
        ledger.sending(sent);
        ledger.answered(sent.id(), "here", ok);
        return sent;
    }

    private Sent note(String content) {
        return sent(Event.of(author, 1_700_000_000, 1, List.of(), content));
    }

    private Sent version(int createdAt, String content) {
        return sent(Event.of(author, 1_700_000_000 + createdAt, 30_078, List.of(new Tag(List.of("d", "a"))), content));
    }

    private static Sent sent(Event event) {
        return new Sent(event, event.toString(), false);
    }

    private static byte[] secret() {
        byte[] secret = new byte[32];
        secret[31] = 5;
        return secret;
    }
}
