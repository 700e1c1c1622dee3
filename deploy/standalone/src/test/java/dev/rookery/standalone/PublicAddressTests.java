package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class PublicAddressTests {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1:7777",
        "0.0.0.0, 127.0.0.1:7777",
        "::, 127.0.0.1:7777",
        "::1, [::1]:7777",
        "relay.example, relay.example:7777"
    })
    void isShownAsAUrlNamesIt(String host, String authority) {
        assertThat(new PublicAddress(host, 7777).authority()).isEqualTo(authority);
    }

    @Test
    void cannotBeOfAnotherMachine() {
        assertThatThrownBy(() -> new PublicAddress("192.0.2.1", 0).requireFree())
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("Port 0 of 192.0.2.1 cannot be had: ");
    }

    @Test
    void isNotAnyName() {
        assertThatThrownBy(() -> new PublicAddress("no.such.host.invalid", 7777).requireFree())
                .isInstanceOf(StartFailedException.class)
                .hasMessage("The address no.such.host.invalid is unknown");
    }
}
