package dev.rookery.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessTreeTests {

    private static final String WORKS_IN_A_CHILD =
            "sh -c 'i=0; while [ $i -lt 1000000 ]; do i=$((i+1)); done; exit 0'; echo done; read end";

    @Test
    void countsTheTimeOfProcessesThatHaveEnded() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", WORKS_IN_A_CHILD).start();
        try (var said = parent.inputReader(UTF_8)) {
            assertThat(said.readLine()).isEqualTo("done");
            assertThat(new ProcessTree(parent.pid()).cpuSeconds()).isGreaterThan(0.05);
        } finally {
            parent.destroy();
        }
    }
}
