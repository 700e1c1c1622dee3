package dev.rookery.standalone;

import static dev.rookery.standalone.LocalRelay.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// NIP-17 and NIP-59: whoever asks, and however, private kinds are shown to those they are for and to nobody else.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class PrivateMessagesIT {

    @TempDir
    static Path directory;

    private static LocalRelay relay;
    private static SchnorrSigner recipient;
    private static SchnorrSigner stranger;
    private static Event wrap;
    private static Event note;

    enum Viewer {
        NOBODY,
        STRANGER,
        RECIPIENT,
        RECIPIENT_AND_STRANGER;

        boolean mayRead() {
            return this == RECIPIENT || this == RECIPIENT_AND_STRANGER;
        }

        List<SchnorrSigner> keys() {
            return switch (this) {
                case NOBODY -> List.of();
                case STRANGER -> List.of(stranger);
                case RECIPIENT -> List.of(recipient);
                case RECIPIENT_AND_STRANGER -> List.of(stranger, recipient);
            };
        }
    }

    @BeforeAll
    static void start() throws Exception {
        relay = new LocalRelay(directory);
        recipient = relay.author();
        stranger = relay.author();
        wrap = wrapped(1059);
        note = event(relay.author(), LocalRelay.now() - 1, 1, "to all", to(recipient));
        try (RelayClient client = relay.client()) {
            assertThat(client.publish(wrap.toString()).accepted()).isTrue();
            assertThat(client.publish(note.toString()).accepted()).isTrue();
        }
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @ParameterizedTest
    @EnumSource
    void areInTheAnswersOfThoseOnlyWhomTheyAreFor(Viewer viewer) throws Exception {
        String key = key(recipient);
        List<String> filters = List.of(
                "{}",
                "{\"limit\":100}",
                "{\"ids\":[\"%s\",\"%s\"]}".formatted(wrap.id(), note.id()),
                "{\"authors\":[\"%s\",\"%s\"]}".formatted(wrap.pubkey(), note.pubkey()),
                "{\"kinds\":[1059,1]}",
                "{\"#p\":[\"%s\"]}".formatted(key),
                "{\"#p\":[\"%s\"],\"kinds\":[1059,1]}".formatted(key),
                "{\"since\":%d}".formatted(note.createdAt()));
        try (RelayClient client = connected(viewer)) {
            for (String filter : filters) {
                List<String> ids = client.query(filter).stream()
                        .map(event -> event.get("id").asString())
                        .toList();
                assertThat(ids.contains(wrap.id().toString())).as(filter).isEqualTo(viewer.mayRead());
                assertThat(ids).as(filter).contains(note.id().toString());
                assertThat(counted(client, filter)).as(filter).isEqualTo(ids.size());
                assertThat(reconciled(client, filter)).as(filter).hasSameElementsAs(ids);
            }
        }
    }

    private static int counted(RelayClient client, String filter) throws Exception {
        client.send("[\"COUNT\",\"count\"," + filter + "]");
        return client.take().get(2).get("count").asInt();
    }

    /// All ids, as they are told to who has none.
    private static List<String> reconciled(RelayClient client, String filter) throws Exception {
        client.send("[\"NEG-OPEN\",\"sync\"," + filter + ",\"6100000200\"]");
        String message = client.take().get(2).asString();
        client.send("[\"NEG-CLOSE\",\"sync\"]");
        List<String> ids = new ArrayList<>();
        for (int at = 10; at < message.length(); at += 64) {
            ids.add(message.substring(at, at + 64));
        }
        return ids;
    }

    /// What is left out does not use up a limit.
    @Test
    void doNotTakeThePlaceOfOthers() throws Exception {
        try (RelayClient client = connected(Viewer.NOBODY)) {
            assertThat(client.query("{\"limit\":1}"))
                    .extracting(event -> event.get("id").asString())
                    .containsExactly(note.id().toString());
        }
    }

    /// Gift wraps and ephemeral ones, to subscriptions that were opened before the key was proven too.
    @ParameterizedTest
    @EnumSource
    void comeLiveToThoseOnlyWhomTheyAreFor(Viewer viewer) throws Exception {
        try (RelayClient client = relay.client();
                RelayClient sender = relay.client()) {
            client.send("[\"REQ\",\"all\",{\"limit\":0}]");
            assertThat(client.take().get(0).asString()).isEqualTo("EOSE");
            prove(client, viewer.keys());
            Event last = event(relay.author(), LocalRelay.now(), 20_001, "for all");
            List<Event> sent = List.of(wrapped(1059), wrapped(21_059), last);
            for (Event event : sent) {
                assertThat(sender.publish(event.toString()).accepted()).isTrue();
            }
            List<String> expected = sent.stream()
                    .filter(event -> event == last || viewer.mayRead())
                    .map(event -> event.id().toString())
                    .toList();
            List<String> heard = new ArrayList<>();
            while (heard.size() < expected.size()) {
                JsonNode message = client.take();
                assertThat(message.get(0).asString()).isEqualTo("EVENT");
                heard.add(message.get(2).get("id").asString());
            }
            assertThat(heard).containsExactlyInAnyOrderElementsOf(expected);
            sender.send("[\"REQ\",\"x\",{\"kinds\":[21059,1]}]");
            assertThat(stored(sender))
                    .as("not stored")
                    .doesNotContain(sent.get(1).id().toString());
        }
    }

    /// NIP-59: times are moved up to two days back, and keys are used once.
    @Test
    void areTakenAndDeliveredHoweverOldTheySayTheyAre() throws Exception {
        Event old = event(relay.author(), LocalRelay.now() - 2 * 86_400, 1059, "", to(recipient));
        Event toTwo = event(relay.author(), LocalRelay.now() - 86_400, 1059, "", to(stranger), to(recipient));
        Event toNobody = event(relay.author(), LocalRelay.now(), 1059, "");
        try (RelayClient client = connected(Viewer.RECIPIENT);
                RelayClient sender = relay.client()) {
            client.send("[\"REQ\",\"inbox\",{\"kinds\":[1059],\"limit\":0}]");
            assertThat(client.take().get(0).asString()).isEqualTo("EOSE");
            for (Event sent : List.of(old, toNobody, toTwo)) {
                assertThat(sender.publish(sent.toString()).accepted()).isTrue();
            }
            assertThat(List.of(client.take(), client.take()))
                    .extracting(message -> message.get(2).get("id").asString())
                    .containsExactlyInAnyOrder(old.id().toString(), toTwo.id().toString());
        }
    }

    /// What is in a wrap is not meant to be published; signed, it is an event like any other.
    @Test
    void mayHoldKindsThatAreEventsThemselves() throws Exception {
        try (RelayClient client = relay.client()) {
            for (int kind : new int[] {13, 14, 15}) {
                Event inner = event(relay.author(), LocalRelay.now(), kind, "");
                assertThat(client.publish(inner.toString()).accepted()).isTrue();
                String unsigned = inner.toString().replaceFirst(",\"sig\":\"[0-9a-f]*\"", "");
                client.send("[\"EVENT\"," + unsigned + "]");
                JsonNode refusal = client.take();
                assertThat(refusal.get(0).asString()).isEqualTo("OK");
                assertThat(refusal.get(2).asBoolean()).isFalse();
            }
        }
    }

    /// NIP-42: what is asked for without a key is refused with a challenge; afterwards it is answered.
    @Test
    void areRefusedWithAChallengeWhereNothingElseIsWanted() throws Exception {
        try (RelayClient client = relay.client()) {
            client.send("[\"REQ\",\"inbox\",{\"kinds\":[1059],\"#p\":[\"" + key(recipient) + "\"]}]");
            String challenge = challenge(client.take());
            JsonNode closed = client.take();
            assertThat(closed.get(0).asString()).isEqualTo("CLOSED");
            assertThat(closed.get(2).asString()).startsWith("auth-required: ");
            answer(client, recipient, challenge);
            assertThat(client.query("{\"kinds\":[1059],\"#p\":[\"" + key(recipient) + "\"]}"))
                    .extracting(event -> event.get("id").asString())
                    .contains(wrap.id().toString());
        }
    }

    private static RelayClient connected(Viewer viewer) throws Exception {
        RelayClient client = relay.client();
        prove(client, viewer.keys());
        return client;
    }

    static void prove(RelayClient client, List<SchnorrSigner> keys) throws Exception {
        if (keys.isEmpty()) {
            return;
        }
        client.send("[\"REQ\",\"prompt\",{\"kinds\":[1059]}]");
        String challenge = challenge(client.take());
        assertThat(client.take().get(0).asString()).isEqualTo("CLOSED");
        for (SchnorrSigner key : keys) {
            answer(client, key, challenge);
        }
    }

    private static String challenge(JsonNode message) {
        assertThat(message.get(0).asString()).isEqualTo("AUTH");
        return message.get(1).asString();
    }

    private static void answer(RelayClient client, SchnorrSigner key, String challenge) throws Exception {
        Event proof = event(
                key, LocalRelay.now(), 22_242, "", Tag.of("relay", LocalRelay.URL), Tag.of("challenge", challenge));
        client.send("[\"AUTH\"," + proof + "]");
        JsonNode ok = client.take();
        assertThat(ok.get(1).asString()).isEqualTo(proof.id().toString());
        assertThat(ok.get(2).asBoolean()).as(ok.toString()).isTrue();
    }

    private static List<String> stored(RelayClient client) throws Exception {
        return Stream.iterate(next(client), message -> message != null, message -> next(client))
                .map(message -> message.get(2).get("id").asString())
                .toList();
    }

    private static @Nullable JsonNode next(RelayClient client) {
        try {
            JsonNode message = client.take();
            while (message.get(0).asString().equals("AUTH")) {
                message = client.take();
            }
            return message.get(0).asString().equals("EOSE") ? null : message;
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static Event wrapped(int kind) {
        return event(relay.author(), LocalRelay.now(), kind, "", to(recipient));
    }

    private static Tag to(SchnorrSigner reader) {
        return Tag.of("p", key(reader));
    }

    private static String key(SchnorrSigner signer) {
        return Bytes32.of(signer.publicKey()).toString();
    }
}
