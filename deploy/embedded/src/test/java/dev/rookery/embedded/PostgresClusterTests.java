package dev.rookery.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
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

    @Test
    void refusesTheDataOfAnotherMajorVersion() {
        String major = PostgresBinaries.RELEASE.substring(0, PostgresBinaries.RELEASE.indexOf('.'));
        assertThatCode(() -> PostgresCluster.requireMajor(major)).doesNotThrowAnyException();
        assertThatThrownBy(() -> PostgresCluster.requireMajor("17"))
                .isInstanceOf(ServerFailedException.class)
                .hasMessageContaining("PostgreSQL 17's");
    }
}
