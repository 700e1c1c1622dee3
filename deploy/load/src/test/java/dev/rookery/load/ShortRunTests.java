package dev.rookery.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.load.PlainRelay.Fault;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ShortRunTests {

    /// Long enough between one fan-out and the next for the events of the one not to be what the other asks for.
    private static final ShortRun.Size SIZE = new ShortRun.Size(200, 2.5, 3, 5);

    @Test
    void givesWhatItMeasuresInSignatureChecks() throws Exception {
        try (PlainRelay relay = new PlainRelay(Fault.NONE)) {
            ShortRun run = ShortRun.of(target(relay), SIZE);

            assertThat(run.problems()).isEmpty();
            assertThat(run.lines()).hasSize(4).first().asString().startsWith("a signature check takes ");
            assertThat(run.lines().get(1)).matches("ingest +200 events, each [0-9.]+ checks .* within [0-9]+ checks");
            assertThat(run.lines().get(2)).matches("req-author-kind +[0-9]+ requests, .*");
            assertThat(run.lines().get(3)).matches("fan-out +15 deliveries, .*");
        }
    }

    @ParameterizedTest
    @CsvSource({"FORGETS, are not found", "DELIVERS_TWICE, came twice"})
    void saysWhatIsMissing(Fault fault, String problem) throws Exception {
        try (PlainRelay relay = new PlainRelay(fault)) {
            assertThat(ShortRun.of(target(relay), SIZE).problems())
                    .isNotEmpty()
                    .allMatch(found -> found.contains(problem));
        }
    }

    private static Target target(PlainRelay relay) {
        ProcessTree own = new ProcessTree(ProcessHandle.current().pid());
        return new Target("plain", relay.address(), Optional.of(own));
    }
}
