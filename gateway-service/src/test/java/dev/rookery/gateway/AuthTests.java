package dev.rookery.gateway;

import static dev.rookery.gateway.RunningGateway.now;
import static dev.rookery.gateway.RunningGateway.ok;
import static dev.rookery.gateway.RunningGateway.publish;
import static dev.rookery.gateway.RunningGateway.signer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.order.Decision;
import dev.rookery.signature.SchnorrSigner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// NIP-42 and NIP-70, as far as the gateway alone keeps them.
@Timeout(60)
class AuthTests {

    private static final String RELAY = "wss://relay.example";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final SchnorrSigner ALICE = signer(21);
    private static final SchnorrSigner BOB = signer(22);

    private static FakeServices services;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        services = new FakeServices();
        gateway = gateway();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        services.close();
    }

    private static RunningGateway gateway(String... more) {
        List<String> settings = new ArrayList<>(List.of(more));
        settings.add("--relay.limits.enabled=false");
        settings.add("--relay.public-url=" + RELAY);
        return RunningGateway.startLinked(services, settings.toArray(String[]::new));
    }

    /// The name of the tag is what protects, whatever comes behind it.
    @Test
    void takesATagWithMoreThanItsNameForProtectionToo() throws Exception {
        Event guarded = Event.of(ALICE, now(), 1, List.of(Tag.of("-", "x")), "mine");
        try (RawClient client = gateway.client()) {
            client.text(publish(guarded));
            assertThat(client.message()).startsWith("[\"AUTH\",");
            assertThat(client.message()).startsWith("[\"OK\",\"" + guarded.id() + "\",false,\"auth-required: ");
        }
    }

    /// NIP-70: rejected unless the client has proven to be the author.
    @Test
    void takesProtectedEventsFromTheirAuthorOnly() throws Exception {
        try (RawClient client = gateway.client()) {
            Event guarded = guarded(ALICE);
            String challenge = challenge(client, guarded);
            client.text(auth(proof(BOB, challenge)));
            assertThat(client.message()).contains(",true,\"\"");
            client.text(publish(guarded));
            assertThat(client.message()).startsWith("[\"OK\",\"" + guarded.id() + "\",false,\"restricted: ");
            client.text(auth(proof(ALICE, challenge)));
            assertThat(client.message()).contains(",true,\"\"");
            for (Event own : List.of(guarded, guarded(BOB))) {
                client.text(publish(own));
                gateway.log.next();
                gateway.verdicts.decide(own.id(), Decision.ACCEPTED);
                assertThat(client.message()).as("both keys count").isEqualTo(ok(own.id(), true, ""));
            }
        }
    }

    /// It stays the same for the connection, and is another on another.
    @Test
    void sendsTheChallengeOnceWhenItIsFirstNeeded() throws Exception {
        try (RawClient client = gateway.client();
                RawClient other = gateway.client()) {
            Event unasked = proof(ALICE, "");
            client.text(auth(unasked));
            assertThat(client.message()).isEqualTo(ok(unasked.id(), false, "invalid: no challenge has been sent"));
            String challenge = challenge(client, guarded(ALICE));
            assertThat(challenge(other, guarded(ALICE))).hasSizeGreaterThan(20).isNotEqualTo(challenge);
            Event again = guarded(ALICE);
            client.text(publish(again));
            assertThat(client.message()).startsWith("[\"OK\",\"" + again.id() + "\",false,\"auth-required: ");
            Event foreign = proof(ALICE, challenge);
            other.text(auth(foreign));
            assertThat(other.message()).startsWith("[\"OK\",\"" + foreign.id() + "\",false,\"invalid: ");
        }
    }

    @Test
    void checksEachConditionByItself() throws Exception {
        try (RawClient client = gateway.client()) {
            Event guarded = guarded(ALICE);
            String challenge = challenge(client, guarded);
            Tag right = Tag.of("challenge", challenge);
            Tag here = Tag.of("relay", RELAY);
            Event good = proof(ALICE, challenge);
            String forged = good.toString()
                    .replace(hex(good.signature()), hex(proof(BOB, challenge).signature()));
            List<String> wrong = List.of(
                    event(ALICE, now(), 1, right, here).toString(),
                    event(ALICE, now() - 1_800, 22_242, right, here).toString(),
                    event(ALICE, now() + 1_800, 22_242, right, here).toString(),
                    event(ALICE, now(), 22_242, here).toString(),
                    event(ALICE, now(), 22_242, here, here).toString(),
                    event(ALICE, now(), 22_242, right).toString(),
                    event(ALICE, now(), 22_242, right, right).toString(),
                    event(ALICE, now(), 22_242, Tag.of("challenge", challenge + "0"), here)
                            .toString(),
                    event(ALICE, now(), 22_242, Tag.of("challenge"), here).toString(),
                    event(ALICE, now(), 22_242, right, Tag.of("relay", "wss://other.example"))
                            .toString(),
                    event(ALICE, now(), 22_242, right, Tag.of("relay", "intentionally wrong relay"))
                            .toString(),
                    forged);
            for (String event : wrong) {
                client.text("[\"AUTH\"," + event + "]");
                assertThat(client.message()).as(event).contains(",false,\"invalid: ");
            }
            client.text(publish(guarded));
            assertThat(client.message()).contains("auth-required: ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"wss://relay.example/", "WSS://RELAY.example:443", "https://relay.example", "ws://relay.example"
            })
    void knowsItselfHoweverItsAddressIsSpelled(String address) throws Exception {
        try (RawClient client = gateway.client()) {
            String challenge = challenge(client, guarded(ALICE));
            client.text(
                    auth(event(ALICE, now() - 300, 22_242, Tag.of("relay", address), Tag.of("challenge", challenge))));
            assertThat(client.message()).contains(",true,\"\"");
        }
    }

    /// A failed attempt takes nothing away.
    @Test
    void keepsAKeyThatHasBeenProven() throws Exception {
        try (RawClient client = gateway.client()) {
            String challenge = challenge(client, guarded(ALICE));
            client.text(auth(proof(ALICE, challenge)));
            assertThat(client.message()).contains(",true,");
            client.text(auth(proof(BOB, "another")));
            assertThat(client.message()).contains(",false,");
            Event own = guarded(ALICE);
            client.text(publish(own));
            gateway.log.next();
            gateway.verdicts.decide(own.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(own.id(), true, ""));
        }
    }

    /// NIP-17: who asks for nothing but gift wraps is told; who asks for others too gets the others.
    @Test
    void asksForAKeyWhereOnlyPrivateKindsAreWanted() throws Exception {
        try (RawClient client = gateway.client()) {
            client.text("[\"REQ\",\"a\",{\"kinds\":[1059]},{\"kinds\":[21059,1059],\"limit\":5}]");
            assertThat(client.message()).startsWith("[\"AUTH\",\"");
            assertThat(client.message()).startsWith("[\"CLOSED\",\"a\",\"auth-required: ");
            client.text("[\"REQ\",\"b\",{\"kinds\":[1059]},{\"kinds\":[],\"limit\":0}]");
            client.text("[\"REQ\",\"b\",{\"kinds\":[1,1059],\"limit\":0}]");
            client.text("[\"REQ\",\"a\",{\"kinds\":[1059]}]");
            String closed = client.message();
            while (closed.startsWith("[\"EOSE\"")) {
                closed = client.message();
            }
            assertThat(closed).as("and no second challenge").startsWith("[\"CLOSED\",\"a\",\"auth-required: ");
        }
    }

    /// Without a challenge, a client could not show its key, and its users would see an empty inbox.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"REQ\",\"a\",{\"kinds\":[4,1059],\"limit\":0}]",
                "[\"REQ\",\"a\",{\"kinds\":[1059]},{\"kinds\":[0],\"limit\":0}]",
                "[\"COUNT\",\"a\",{\"kinds\":[4,1059]}]",
                "[\"NEG-OPEN\",\"a\",{\"kinds\":[4,1059]},\"61\"]"
            })
    void sendsTheChallengeWherePrivateKindsAreWantedBesideOthers(String request) throws Exception {
        try (RawClient client = gateway.client()) {
            client.text(request);
            String challenge = JSON.readTree(client.message()).get(1).asString();
            client.text(auth(proof(ALICE, challenge)));
            String told = client.message();
            while (!told.startsWith("[\"OK\"")) {
                told = client.message();
            }
            assertThat(told).contains(",true,\"\"");
        }
    }

    /// Some clients ask their users to sign whenever they see one.
    @Test
    void sendsNoChallengeToWhoeverNamesNoPrivateKind() throws Exception {
        try (RawClient client = gateway.client()) {
            client.text("[\"REQ\",\"a\",{\"limit\":0}]");
            client.text("[\"REQ\",\"b\",{\"kinds\":[1],\"limit\":0}]");
            for (int i = 0; i < 2; i++) {
                assertThat(client.message()).startsWith("[\"EOSE\"");
            }
        }
    }

    @Test
    void mayAskForAKeyBeforeAnythingIsReadOrWritten() throws Exception {
        try (RunningGateway strict = gateway("--relay.auth.to-read=true", "--relay.auth.to-write=true");
                RawClient client = strict.client()) {
            String challenge = JSON.readTree(client.message()).get(1).asString();
            assertThat(says(strict, "auth_required")).isTrue();
            assertThat(says(strict, "restricted_writes")).isTrue();
            Event note = event(ALICE, now(), 1);
            client.text(publish(note));
            assertThat(client.message()).startsWith("[\"OK\",\"" + note.id() + "\",false,\"auth-required: ");
            client.text("[\"REQ\",\"a\",{\"limit\":0}]");
            assertThat(client.message()).startsWith("[\"CLOSED\",\"a\",\"auth-required: ");
            Event vanish = event(ALICE, now(), 62, Tag.of("relay", "ALL_RELAYS"));
            client.text(publish(vanish));
            strict.log.next();
            strict.verdicts.decide(vanish.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(vanish.id(), true, ""));
            client.text(auth(proof(ALICE, challenge)));
            assertThat(client.message()).contains(",true,");
            client.text(publish(note));
            strict.log.next();
            strict.verdicts.decide(note.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(note.id(), true, ""));
        }
    }

    @Test
    void mayAskForAKeyForSomeKinds() throws Exception {
        try (RunningGateway strict = gateway("--relay.auth.to-write-kinds=1059");
                RawClient client = strict.client()) {
            assertThat(says(strict, "restricted_writes")).isTrue();
            Event wrap = event(ALICE, now(), 1059);
            challenge(client, wrap);
            Event note = event(ALICE, now(), 1);
            client.text(publish(note));
            strict.log.next();
            strict.verdicts.decide(note.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(note.id(), true, ""));
        }
    }

    /// Reading works without a key, and no client should ask its user for one.
    @Test
    void saysThatAKeyIsRequiredOnlyWhereNothingCanBeReadWithoutOne() throws Exception {
        try (RunningGateway writing = gateway("--relay.auth.to-write=true")) {
            assertThat(says(writing, "auth_required")).isFalse();
            assertThat(says(writing, "restricted_writes")).isTrue();
        }
    }

    /// What the information document says of a limitation.
    private static boolean says(RunningGateway gateway, String limitation) throws Exception {
        return gateway.document().get("limitation").get(limitation).asBoolean();
    }

    /// Publishes what needs a key, and takes the challenge that comes of it.
    private static String challenge(RawClient client, Event needsKey) throws IOException {
        client.text(publish(needsKey));
        String challenge = JSON.readTree(client.message()).get(1).asString();
        assertThat(client.message()).startsWith("[\"OK\",\"" + needsKey.id() + "\",false,\"auth-required: ");
        return challenge;
    }

    private static Event guarded(SchnorrSigner author) {
        return event(author, now(), 1, Tag.of("-"));
    }

    private static Event proof(SchnorrSigner author, String challenge) {
        return event(author, now(), 22_242, Tag.of("relay", RELAY), Tag.of("challenge", challenge));
    }

    private static String auth(Event event) {
        return "[\"AUTH\"," + event + "]";
    }

    private static Event event(SchnorrSigner author, long createdAt, int kind, Tag... tags) {
        return Event.of(author, createdAt, kind, List.of(tags), "");
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
