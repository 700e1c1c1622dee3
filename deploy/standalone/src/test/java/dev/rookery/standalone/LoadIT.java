package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.load.ShortRun;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A short load on the suite as an operator runs it, whose figures are printed for people to compare. Nothing here
/// depends on how fast it is, only on whether all that was accepted is found, and all that was to be delivered came
/// once.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class LoadIT {

    @TempDir
    Path directory;

    @Test
    void losesNothingUnderAShortLoadAndSaysWhatItCost() throws Exception {
        try (SuiteProcess suite = SuiteProcess.patient(directory)) {
            ShortRun run = ShortRun.of(suite.uri(), suite.pid());

            run.lines().forEach(line -> System.out.println("Load run: " + line));
            assertThat(run.problems()).isEmpty();
            assertThat(run.lines()).hasSize(4);
        }
    }
}
