package dev.rookery.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RelayMessagesTests {

    private static final String ID = "0123456789abcdef".repeat(4);

    @Test
    void messagesAreCompactJson() {
        assertThat(text(RelayMessages.ok(Bytes32.ofHex(ID), true, ""))).isEqualTo("[\"OK\",\"" + ID + "\",true,\"\"]");
        assertThat(text(RelayMessages.ok(ID, false, "invalid: \"x\"")))
                .isEqualTo("[\"OK\",\"" + ID + "\",false,\"invalid: \\\"x\\\"\"]");
        assertThat(text(RelayMessages.eose("s"))).isEqualTo("[\"EOSE\",\"s\"]");
        assertThat(text(RelayMessages.eose("s", "more"))).isEqualTo("[\"EOSE\",\"s\",[\"more\"]]");
        assertThat(text(RelayMessages.closed("s", "error: x"))).isEqualTo("[\"CLOSED\",\"s\",\"error: x\"]");
        assertThat(text(RelayMessages.notice("n"))).isEqualTo("[\"NOTICE\",\"n\"]");
        assertThat(text(RelayMessages.auth("c"))).isEqualTo("[\"AUTH\",\"c\"]");
        assertThat(text(RelayMessages.count("q", 7, new byte[0]))).isEqualTo("[\"COUNT\",\"q\",{\"count\":7}]");
        assertThat(text(RelayMessages.count("q", 7, new byte[] {1, -1})))
                .isEqualTo("[\"COUNT\",\"q\",{\"count\":7,\"hll\":\"01ff\"}]");
        assertThat(text(RelayMessages.negMessage("n", new byte[] {0x61}))).isEqualTo("[\"NEG-MSG\",\"n\",\"61\"]");
        assertThat(text(RelayMessages.negError("n", "closed: \""))).isEqualTo("[\"NEG-ERR\",\"n\",\"closed: \\\"\"]");
        assertThat(text(RelayMessages.eventPrefix("s")) + "{}]").isEqualTo("[\"EVENT\",\"s\",{}]");
    }

    @Test
    void anySubscriptionIdIsEchoedAsItCame() {
        for (String id : Arrays.asList("a\"b\\", "\uD83D\uDE00", "\u0000\n\u007f\u2028", "\"],[\"EVENT\"")) {
            String[] read = JsonMapper.shared().readValue(RelayMessages.closed(id, id), String[].class);
            assertThat(read).containsExactly("CLOSED", id, id);
        }
    }

    @Test
    void verdictsSpeakInPrefixes() {
        assertThat(Verdict.stored().accepted()).isTrue();
        assertThat(Verdict.stored().message()).isEmpty();
        assertThat(Verdict.duplicate().accepted()).isTrue();
        assertThat(Verdict.duplicate().message()).startsWith("duplicate: ");
        Verdict refused = Verdict.refused(Prefix.RATE_LIMITED, "slow down");
        assertThat(refused.accepted()).isFalse();
        assertThat(refused.message()).isEqualTo("rate-limited: slow down");
        assertThat(Prefix.values())
                .extracting(Prefix::label)
                .containsExactly(
                        "duplicate",
                        "pow",
                        "blocked",
                        "rate-limited",
                        "invalid",
                        "restricted",
                        "mute",
                        "error",
                        "auth-required",
                        "unsupported",
                        "closed");
    }

    private static String text(byte[] message) {
        return new String(message, UTF_8);
    }
}
