package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each service as the jar that a build leaves, started by hand.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ServiceJarsIT {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "indexer", "query", "broadcast"})
    void refusesASettingThatDoesNotExist(String service) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-jar",
                        Path.of("../..", service + "-service", "target", service + "-service-run.jar")
                                .toAbsolutePath()
                                .normalize()
                                .toString(),
                        "--relay.secret=a secret that is long enough",
                        "--relay.prot=1")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ends").isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readString(output)).contains("relay.prot is no setting, perhaps relay.port is meant");
        } finally {
            process.destroyForcibly();
        }
    }
}
