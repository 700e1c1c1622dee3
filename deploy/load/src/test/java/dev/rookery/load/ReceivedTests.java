package dev.rookery.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ReceivedTests {

    private static final String ID = "a".repeat(64);

    @Test
    void readsWhatRelaysSayWithWhiteSpaceOrWithout() {
        assertThat(of("[\"OK\",\"" + ID + "\",true,\"\"]")).satisfies(ok -> {
            assertThat(ok.verb()).isEqualTo("OK");
            assertThat(ok.subject()).isEqualTo(ID);
            assertThat(ok.isAccepted()).isTrue();
        });
        assertThat(of("[ \"OK\" , \"" + ID + "\" , false, \"true\"]").isAccepted())
                .isFalse();
        assertThat(of("[\"EVENT\", \"s\", {\"content\":\"x\", \"id\": \"" + ID + "\"}]")
                        .eventId())
                .contains(ID);
        assertThat(of("[\"EOSE\",\"s\"]").subject()).isEqualTo("s");
        assertThat(of("[\"EOSE\",\"s\"]").eventId()).isEmpty();
        assertThat(of("").verb()).isEmpty();
    }

    private static Received of(String message) {
        return Received.of(message.getBytes(UTF_8));
    }
}
