package dev.rookery.standalone;

import static dev.rookery.standalone.LocalRelay.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// NIP-09, NIP-40 and NIP-62 as a client sees them.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class DeletionIT {

    @TempDir
    static Path directory;

    private static LocalRelay relay;

    private final SchnorrSigner alice = relay.author();
    private final SchnorrSigner bob = relay.author();
    private final long now = LocalRelay.now();
    private final RelayClient client = relay.client();

    @BeforeAll
    static void start() throws Exception {
        relay = new LocalRelay(directory);
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void anEventIsGoneOnceItsDeletionIsAccepted() throws Exception {
        Event note = event(alice, now, 1, "a note");
        Event anothers = event(bob, now, 1, "another's");
        accepted(note, anothers);
        Event request = event(alice, now - 100, 5, "", id(note), id(anothers), Tag.of("k", "1"));
        accepted(request);
        assertThat(found("{\"ids\":[\"" + note.id() + "\"]}")).isZero();
        assertThat(found("{\"authors\":[\"" + note.pubkey() + "\"],\"kinds\":[1]}"))
                .isZero();
        assertThat(found("{\"ids\":[\"" + anothers.id() + "\"]}"))
                .as("another's")
                .isOne();
        assertThat(found("{\"#e\":[\"" + note.id() + "\"]}")).as("the request").isOne();
        refused(note, "blocked:");
        duplicate(request);
    }

    @Test
    void anEventThatIsDeletedBeforeItComesStaysAway() throws Exception {
        Event note = event(alice, now, 1, "late");
        accepted(event(alice, now, 5, "", id(note)));
        refused(note, "blocked:");
        assertThat(found("{\"ids\":[\"" + note.id() + "\"]}")).isZero();
    }

    @Test
    void versionsUpToTheDeletionOfAnAddressAreGoneAndLaterOnesCome() throws Exception {
        Tag page = Tag.of("d", "a:b");
        Event version = event(alice, now - 10, 30_023, "v1", page);
        Event relays = event(alice, now - 10, 10_002, "");
        accepted(version, relays);
        String key = version.pubkey().toString();
        accepted(event(alice, now - 5, 5, "", Tag.of("a", "30023:" + key + ":a:b"), Tag.of("a", "10002:" + key + ":")));
        assertThat(found("{\"authors\":[\"" + key + "\"],\"kinds\":[30023,10002]}"))
                .isZero();
        refused(version, "blocked:");
        refused(event(alice, now - 5, 30_023, "at that time", page), "blocked:");
        accepted(event(alice, now - 4, 30_023, "later", page));
        assertThat(found("{\"authors\":[\"" + key + "\"],\"kinds\":[30023]}")).isOne();
    }

    @Test
    void aVersionNamedByItsIdGoesAloneAndTheOneBeforeItDoesNotComeBack() throws Exception {
        Event first = event(alice, now - 10, 10_002, "first");
        Event second = event(alice, now - 5, 10_002, "second");
        accepted(first, second, event(alice, now, 5, "", id(second)));
        String lists = "{\"authors\":[\"" + first.pubkey() + "\"],\"kinds\":[10002]}";
        assertThat(found(lists)).isZero();
        refused(second, "blocked:");
        accepted(event(alice, now - 1, 10_002, "third"));
        assertThat(found(lists)).isOne();
    }

    @Test
    void aRequestIsFoundByAllThatItNamesAndMayNameNothing() throws Exception {
        Event note = event(alice, now, 1, "a note");
        String address = "30023:" + note.pubkey() + ":page";
        accepted(event(alice, now, 5, "a mistake", id(note), Tag.of("a", address), Tag.of("k", "1")));
        accepted(event(alice, now, 5, "of nothing"));
        String author = "{\"authors\":[\"" + note.pubkey() + "\"],\"kinds\":[5],";
        assertThat(found(author + "\"#e\":[\"" + note.id() + "\"]}")).isOne();
        assertThat(found(author + "\"#a\":[\"" + address + "\"]}")).isOne();
        assertThat(found(author + "\"#k\":[\"1\"]}")).isOne();
        assertThat(found(author + "\"limit\":10}")).isEqualTo(2);
    }

    @Test
    void aRequestToVanishIsKeptAndCannotBeDeleted() throws Exception {
        Event vanish = event(alice, now - 5, 62, "", Tag.of("relay", "ALL_RELAYS"));
        accepted(vanish, event(alice, now, 5, "", id(vanish)));
        assertThat(found("{\"ids\":[\"" + vanish.id() + "\"]}")).isOne();
        refused(event(alice, now - 6, 1, "before"), "blocked:");
    }

    /// Else a slip of the clock would shut its author out until then.
    @Test
    void aRequestToVanishFromTheFutureIsRefusedAndTakesNothing() throws Exception {
        Event note = event(alice, now, 1, "a note");
        accepted(note);
        refused(event(alice, now + 86_400, 62, "", Tag.of("relay", "ALL_RELAYS")), "invalid:");
        assertThat(found("{\"ids\":[\"" + note.id() + "\"]}")).isOne();
    }

    @Test
    void aDeletionIsNotDeleted() throws Exception {
        Event note = event(alice, now, 1, "a note");
        Event request = event(alice, now, 5, "", id(note));
        accepted(note, request, event(alice, now + 1, 5, "", id(request)));
        assertThat(found("{\"ids\":[\"" + request.id() + "\"]}")).isOne();
        refused(note, "blocked:");
    }

    @Test
    void everythingOfWhoVanishesIsGoneAtOnce() throws Exception {
        Event note = event(alice, now - 10, 1, "a note");
        Event request = event(alice, now - 10, 5, "", Tag.of("k", "1"));
        Event wrap = event(bob, now - 10, 1059, "", Tag.of("p", note.pubkey().toString()));
        accepted(note, request, wrap);
        Event elsewhere = event(alice, now - 5, 62, "", Tag.of("relay", "wss://elsewhere.example"));
        accepted(elsewhere);
        String all = "{\"authors\":[\"" + note.pubkey() + "\"]}";
        assertThat(found(all)).as("asked of another relay").isEqualTo(3);
        Event vanish =
                event(alice, now - 2, 62, "", Tag.of("relay", "wss://other"), Tag.of("relay", LocalRelay.URL + "/"));
        accepted(vanish);
        assertThat(found(all)).as("the request itself").isOne();
        refused(note, "blocked:");
        refused(request, "blocked:");
        refused(wrap, "blocked:");
        accepted(event(alice, now, 1, "later"));
        refused(event(bob, now, 62, "names no relay"), "invalid:");
    }

    /// NIP-40: not before a sweep, but from its second on.
    @Test
    void whatExpiresIsDeliveredLiveAndNotServedAfterwards() throws Exception {
        long end = System.currentTimeMillis() / 1000 + 3;
        Event brief = event(alice, now, 1, "brief", Tag.of("expiration", Long.toString(end)));
        client.send("[\"REQ\",\"live\",{\"limit\":0,\"authors\":[\"" + brief.pubkey() + "\"]}]");
        assertThat(client.take().get(0).asString()).isEqualTo("EOSE");
        try (RelayClient other = relay.client()) {
            assertThat(other.publish(brief.toString()).accepted()).isTrue();
            assertThat(client.take().get(2).get("id").asString())
                    .isEqualTo(brief.id().toString());
            String filter = "{\"ids\":[\"" + brief.id() + "\"]}";
            if (System.currentTimeMillis() / 1000 < end - 1) {
                assertThat(other.query(filter)).hasSize(1);
            }
            while (System.currentTimeMillis() / 1000 < end) {
                Thread.onSpinWait();
            }
            assertThat(other.query(filter)).isEmpty();
            assertThat(other.publish(brief.toString())).isEqualTo(new RelayClient.Ok(false, "invalid: event expired"));
        }
    }

    private void accepted(Event... events) throws Exception {
        for (Event event : events) {
            assertThat(client.publish(event.toString())).as(event.toString()).isEqualTo(new RelayClient.Ok(true, ""));
        }
    }

    private void duplicate(Event event) throws Exception {
        RelayClient.Ok ok = client.publish(event.toString());
        assertThat(ok.accepted()).isTrue();
        assertThat(ok.message()).startsWith("duplicate:");
    }

    private void refused(Event event, String prefix) throws Exception {
        RelayClient.Ok ok = client.publish(event.toString());
        assertThat(ok.accepted()).as(event.toString()).isFalse();
        assertThat(ok.message()).startsWith(prefix);
    }

    private int found(String filter) throws Exception {
        List<JsonNode> events = client.query(filter);
        return events.size();
    }

    private static Tag id(Event event) {
        return Tag.of("e", event.id().toString());
    }
}
