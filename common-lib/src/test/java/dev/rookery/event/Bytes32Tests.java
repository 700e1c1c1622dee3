package dev.rookery.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Bytes32Tests {

    private static final long SEED = 32;

    @Test
    void bytesAndHexAreTwoSpellingsOfOneValue() {
        Random random = new Random(SEED);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[40];
            random.nextBytes(bytes);
            Bytes32 value = Bytes32.of(bytes, 8);
            assertThat(value.toBytes()).isEqualTo(Arrays.copyOfRange(bytes, 8, 40));
            assertThat(Bytes32.ofHex(value.toString())).isEqualTo(value);
            assertThat(Bytes32.of(value.toBytes())).isEqualTo(value);
        }
    }

    @Test
    void theOrderIsThatOfTheHex() {
        Random random = new Random(SEED);
        List<Bytes32> values = Stream.generate(() -> new Bytes32(
                        random.nextInt(3) - 1L, random.nextInt(3) - 1L, random.nextInt(3) - 1L, random.nextLong()))
                .limit(300)
                .toList();
        assertThat(values.stream().sorted().map(Bytes32::toString).toList())
                .isEqualTo(values.stream().map(Bytes32::toString).sorted().toList());
    }

    @Test
    void hexIsLowercaseAndOf64Digits() {
        String good = "0123456789abcdef".repeat(4);
        assertThat(Bytes32.parseHex(good)).isPresent();
        List<String> wrong = List.of(
                "",
                good.substring(1),
                good + "0",
                good.replace('a', 'A'),
                good.replace('a', 'g'),
                good.replace('a', '/'),
                good.replace('a', ':'),
                good.replace('a', '`'),
                good.replace('a', '\u0161'),
                good.replace('a', '\uff11'));
        assertThat(wrong).allSatisfy(hex -> assertThat(Bytes32.parseHex(hex)).isEmpty());
        assertThatIllegalArgumentException().isThrownBy(() -> Bytes32.ofHex("xyz"));
        assertThatIllegalArgumentException().isThrownBy(() -> Bytes32.of(new byte[31]));
    }
}
