package dev.rookery.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rookery.event.Bytes32;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import dev.rookery.order.VerdictBatch;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class VerdictMessagesTests {

    private static final Seal SEAL = new Seal("a secret of sixteen characters");
    private static final VerdictBatch BATCH = new VerdictBatch(
            new Position(2, 7), List.of(new VerdictBatch.Entry(new Bytes32(1, 2, 3, 4), Decision.ACCEPTED)));

    private final VerdictMessages messages = new VerdictMessages(new Topics("one."), SEAL);

    @Test
    void readsWhatItWrote() {
        assertThat(messages.read("g", messages.write("g", BATCH))).isEqualTo(BATCH);
    }

    /// Two relays on one Redis may give their gateways the same ids.
    @Test
    void keepsRelaysApart() {
        VerdictMessages other = new VerdictMessages(new Topics("two."), SEAL);
        assertThat(other.channel("g")).isNotEqualTo(messages.channel("g"));
        assertThatIllegalArgumentException().isThrownBy(() -> other.read("g", messages.write("g", BATCH)));
        assertThatIllegalArgumentException().isThrownBy(() -> messages.read("h", messages.write("g", BATCH)));
    }

    @Test
    void believesNobodyWithoutTheSecret() {
        VerdictMessages stranger = new VerdictMessages(new Topics("one."), new Seal("another secret altogether"));
        assertThatIllegalArgumentException().isThrownBy(() -> messages.read("g", stranger.write("g", BATCH)));
        assertThatIllegalArgumentException().isThrownBy(() -> messages.read("g", BATCH.encode()));
        byte[] message = messages.write("g", BATCH);
        for (int at = 0; at < message.length; at++) {
            byte[] altered = message.clone();
            altered[at] ^= 1;
            assertThatIllegalArgumentException().isThrownBy(() -> messages.read("g", altered));
            byte[] cutShort = Arrays.copyOf(message, at);
            assertThatIllegalArgumentException().isThrownBy(() -> messages.read("g", cutShort));
        }
    }
}
