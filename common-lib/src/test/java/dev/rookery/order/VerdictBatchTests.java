package dev.rookery.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rookery.event.Bytes32;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VerdictBatchTests {

    private final VerdictBatch batch = new VerdictBatch(
            new Position(4, 1234567890123L),
            Stream.of(Decision.values())
                    .map(decision -> new VerdictBatch.Entry(new Bytes32(decision.code(), -1, 2, 3), decision))
                    .toList());

    @Test
    void readsWhatItWrites() {
        assertThat(VerdictBatch.decode(batch.encode())).isEqualTo(batch);
        VerdictBatch empty = new VerdictBatch(Position.NONE, List.of());
        assertThat(VerdictBatch.decode(empty.encode())).isEqualTo(empty);
    }

    @Test
    void refusesWhatIsCutShortOrOfAnotherVersion() {
        byte[] bytes = batch.encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cutShort = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException().isThrownBy(() -> VerdictBatch.decode(cutShort));
        }
        bytes[0] = 2;
        assertThatIllegalArgumentException().isThrownBy(() -> VerdictBatch.decode(bytes));
    }

    @Test
    void ordersPositionsByEpochFirst() {
        assertThat(new Position(2, 1)).isGreaterThan(new Position(1, 99));
        assertThat(new Position(2, 1).max(new Position(1, 99))).isEqualTo(new Position(2, 1));
        assertThat(new Position(1, 2).isAfter(new Position(1, 2))).isFalse();
    }
}
