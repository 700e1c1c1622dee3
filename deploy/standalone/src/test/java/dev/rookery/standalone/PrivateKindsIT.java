package dev.rookery.standalone;

import static dev.rookery.standalone.LocalRelay.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// NIP-04: messages of kind 4, which everyone is shown unless the operator makes the kind private.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class PrivateKindsIT {

    @TempDir
    Path directory;

    @Test
    void kindFourIsShownToAllByDefault() throws Exception {
        try (LocalRelay relay = new LocalRelay(directory)) {
            SchnorrSigner author = relay.author();
            assertThat(shown(relay, author, relay.author(), List.of())).isEqualTo("stored live");
        }
    }

    @Test
    void kindFourIsShownToItsPartiesWhereTheOperatorMakesItPrivate() throws Exception {
        Map<String, Object> settings = Map.of("relay.visibility.private-kinds", "4,1059,21059");
        try (LocalRelay relay = new LocalRelay(directory, settings)) {
            SchnorrSigner author = relay.author();
            SchnorrSigner recipient = relay.author();
            assertThat(shown(relay, author, recipient, List.of())).isEmpty();
            assertThat(shown(relay, author, recipient, List.of(relay.author()))).isEmpty();
            assertThat(shown(relay, author, recipient, List.of(author))).isEqualTo("stored live");
            assertThat(shown(relay, author, recipient, List.of(recipient))).isEqualTo("stored live");
        }
    }

    /// How one who has proven the keys is shown messages between the two. The note behind them is shown to everyone, so
    /// nothing has to be waited for in vain.
    private static String shown(
            LocalRelay relay, SchnorrSigner author, SchnorrSigner recipient, List<SchnorrSigner> keys)
            throws Exception {
        String filter = "{\"authors\":[\"" + Bytes32.of(author.publicKey()) + "\"],\"kinds\":[1,4]}";
        Tag to = Tag.of("p", Bytes32.of(recipient.publicKey()).toString());
        long now = LocalRelay.now();
        Event stored = event(author, now - 2, 4, "stored" + keys.hashCode(), to);
        Event live = event(author, now - 1, 4, "live" + keys.hashCode(), to);
        Event note = event(author, now, 1, "note" + keys.hashCode());
        try (RelayClient sender = relay.client();
                RelayClient reader = relay.client()) {
            PrivateMessagesIT.prove(reader, keys);
            assertThat(sender.publish(stored.toString()).accepted()).isTrue();
            boolean isStored = reader.query(filter).stream().anyMatch(found -> is(found, stored));
            reader.send("[\"REQ\",\"live\"," + filter.replace("}", ",\"limit\":0}") + "]");
            assertThat(reader.take().get(0).asString()).isEqualTo("EOSE");
            assertThat(sender.publish(live.toString()).accepted()).isTrue();
            assertThat(sender.publish(note.toString()).accepted()).isTrue();
            boolean isLive = false;
            for (JsonNode heard = reader.take().get(2);
                    !is(heard, note);
                    heard = reader.take().get(2)) {
                isLive |= is(heard, live);
            }
            return ((isStored ? "stored " : "") + (isLive ? "live" : "")).strip();
        }
    }

    private static boolean is(JsonNode found, Event event) {
        return found.get("id").asString().equals(event.id().toString());
    }
}
