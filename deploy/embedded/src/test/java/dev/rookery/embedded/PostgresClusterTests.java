package dev.rookery.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class PostgresClusterTests {

    @ParameterizedTest
    @CsvSource({"1, 128", "2, 256", "4, 512", "64, 1024"})
    void takesAnEighthOfTheMemoryWithinBounds(long gibibytes, long mebibytes) {
        assertThat(PostgresCluster.buffersMib(gibibytes << 30)).isEqualTo(mebibytes);
    }
}
