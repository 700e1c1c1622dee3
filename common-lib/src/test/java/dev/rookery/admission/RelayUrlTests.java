package dev.rookery.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class RelayUrlTests {

    private static final RelayUrl RELAY = new RelayUrl("relay.example", -1, "");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wss://relay.example",
                "wss://relay.example/",
                "WSS://Relay.Example//",
                "ws://relay.example:80",
                "wss://relay.example:443/",
                "https://relay.example",
                " http://relay.example/ ",
                "wss://relay.example/?query"
            })
    void areEqualHoweverTheyAreSpelled(String text) {
        assertThat(RelayUrl.parse(text)).contains(RELAY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wss://relay.example:444",
                "wss://other.example",
                "wss://relay.example.evil.example",
                "wss://relay.example/path",
                "wss://user@evil.example/relay.example"
            })
    void areDifferentWhereTheyLeadElsewhere(String text) {
        assertThat(RelayUrl.parse(text)).isPresent().isNotEqualTo(RelayUrl.parse("wss://relay.example"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "relay.example", "intentionally wrong relay", "ftp://relay.example", "wss://", "wss:relay"})
    void areNotMadeOfWhatIsNoAddressOfARelay(String text) {
        assertThat(RelayUrl.parse(text)).isEmpty();
        assertThat(RelayUrl.parse("wss://relay.example/" + "x".repeat(3_000))).isEmpty();
    }

    @Test
    void keepThePathAndBrackets() {
        assertThat(RelayUrl.parse("ws://[::1]:7777/Inbox/")).contains(new RelayUrl("[::1]", 7777, "/Inbox"));
    }

    @Test
    void areThoseOfThisMachineWhereNoneIsSet() {
        assertThat(RelayUrl.ofThisRelay(null, 7777)).contains(new RelayUrl("localhost", 7777, ""));
        assertThat(RelayUrl.ofThisRelay(null, 80))
                .contains(RelayUrl.parse("ws://localhost").orElseThrow());
        assertThat(RelayUrl.ofThisRelay(URI.create("wss://relay.example"), 7777))
                .containsExactly(RELAY);
    }
}
