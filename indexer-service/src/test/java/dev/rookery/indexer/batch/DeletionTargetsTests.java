package dev.rookery.indexer.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.admission.RelayUrl;
import dev.rookery.event.Bytes32;
import dev.rookery.event.Tag;
import dev.rookery.event.TagHash;
import dev.rookery.indexer.batch.DeletionTarget.ByAddress;
import dev.rookery.indexer.batch.DeletionTarget.ById;
import dev.rookery.indexer.batch.DeletionTarget.Everything;
import dev.rookery.indexer.fixture.TestAuthor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class DeletionTargetsTests {

    private final TestAuthor alice = new TestAuthor(1);
    private final TestAuthor bob = new TestAuthor(2);
    private final DeletionTargets targets =
            new DeletionTargets(Set.of(RelayUrl.parse("wss://relay.example").orElseThrow()));

    @Test
    void areTheEventsNamedInTagsEachOnce() {
        Bytes32 id = bob.note("").id();
        assertThat(of(5, Tag.of("e", id.toString()), Tag.of("e", id.toString(), "wss://x"), Tag.of("k", "1")))
                .containsExactly(new ById(id));
    }

    /// NIP-01: the identifier may have colons in it; of a replaceable kind it is empty.
    @Test
    void areTheRequestersOwnAddresses() {
        String key = alice.key().toString();
        assertThat(of(
                        5,
                        Tag.of("a", "30023:" + key + ":a:b:c"),
                        Tag.of("a", "30023:" + key + ":"),
                        Tag.of("a", "10002:" + key + ":"),
                        Tag.of("a", "0:" + key)))
                .containsExactly(address(30_023, "a:b:c"), address(30_023, ""), address(10_002, ""), address(0, ""));
        assertThat(of(5, Tag.of("a", "30023:" + bob.key() + ":a"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":", "::", "30023", "30023:", "1:%s:", "x:%s:", "99999999999:%s:a", "-1:%s:a", "30023:%s"})
    void leaveOutWhatIsNoAddress(String address) {
        assertThat(of(5, Tag.of("a", address.replace("%s", alice.key().toString()))))
                .isEmpty();
    }

    @Test
    void leaveOutWhatIsNoId() {
        assertThat(of(
                        5,
                        Tag.of("e", "abc"),
                        Tag.of("e"),
                        Tag.of("E", alice.note("").id().toString())))
                .isEmpty();
        assertThat(of(1, Tag.of("e", alice.note("").id().toString()))).isEmpty();
    }

    /// NIP-62: any of its tags may name this relay.
    @Test
    void areEverythingWhereTheRequestToVanishIsForThisRelay() {
        assertThat(of(62, Tag.of("relay", "wss://other.example"), Tag.of("relay", "wss://RELAY.example:443/")))
                .containsExactly(new Everything());
        assertThat(of(62, Tag.of("relay", "ALL_RELAYS"))).containsExactly(new Everything());
        assertThat(of(62, Tag.of("relay", "all_relays"), Tag.of("relay", "wss://other.example"), Tag.of("relay")))
                .isEmpty();
        assertThat(of(62, Tag.of("r", "ALL_RELAYS"))).isEmpty();
    }

    private List<DeletionTarget> of(int kind, Tag... tags) {
        return targets.of(alice.event(kind, TestAuthor.NOW, "", tags));
    }

    private static ByAddress address(int kind, String identifier) {
        return new ByAddress(kind, Bytes32.of(TagHash.ofIdentifier(identifier)));
    }
}
