package dev.rookery.query.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.signature.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class HyperLogLogTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0000000000000000000000000000000a00000000000000000000000000000000 | 8",
                "00000000000000000000000000000000a0000000000000000000000000000000 | 18",
                "30023:00000000000000000000000000000000f0000000000000000000000000000000:a:b | 23"
            })
    void looksWhereTheFirstTagSays(String value, int offset) {
        String name = value.contains(":") ? "#a" : "#e";

        assertThat(HyperLogLog.of(filters("[{\"%s\":[\"%s\"]}]".formatted(name, value))))
                .map(HyperLogLog::offset)
                .contains(offset);
    }

    @Test
    void hashesWhatIsNeitherKeyNorAddress() {
        String hash = HexFormat.of().formatHex(Sha256.of("nostr".getBytes(StandardCharsets.UTF_8)));

        assertThat(HyperLogLog.of(filters("[{\"#t\":[\"nostr\"],\"kinds\":[1]}]")))
                .map(HyperLogLog::offset)
                .contains(8 + Character.digit(hash.charAt(32), 16));
    }

    @Test
    void keepsTheHighestRankOfEachRegister() {
        HyperLogLog log = HyperLogLog.of(filters("[{\"#t\":[\"x\"]}]")).orElseThrow();

        log.add(0x02_80000000000000L);
        log.add(0x03_00000000000001L);
        log.add(0x03_80000000000000L);
        log.add(0xFF_00000000000000L);

        byte[] registers = log.registers();
        assertThat(registers).hasSize(256);
        assertThat(registers[2]).isEqualTo((byte) 1);
        assertThat(registers[3]).isEqualTo((byte) 56);
        assertThat(registers[255]).isEqualTo((byte) 57);
        assertThat(registers[0]).isZero();
    }

    private static List<Filter> filters(String json) {
        try {
            return FilterReader.readAll(json.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedMessageException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }
}
