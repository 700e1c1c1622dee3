package dev.rookery.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.load.PlainRelay.Fault;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What is measured of a relay that does all as it should, and of one that does not.
@Timeout(30)
class ScenarioTests {

    private static final int EVENTS = 300;
    private static final Corpus CORPUS = Corpus.of(3, EVENTS);

    @ParameterizedTest
    @CsvSource({"NONE, 300, ''", "FORGETS, 300, 1 of", "REFUSES, 300, 1 were refused: error: not now"})
    void publishingCountsAnswersAndLooksForWhatWasAccepted(Fault fault, int count, String problem) throws Exception {
        try (PlainRelay relay = new PlainRelay(fault)) {
            Measure measure = new Publishing("ingest", CORPUS.events(), 4, 16).run(target(relay));

            assertThat(measure.count()).isEqualTo(count);
            assertThat(measure.perSecond()).isPositive();
            assertThat(measure.millis(50)).isPositive().isLessThanOrEqualTo(measure.millis(100));
            assertThat(String.join("", measure.problems())).startsWith(problem);
            assertThat(measure.problems().isEmpty()).isEqualTo(fault == Fault.NONE);
        }
    }

    @Test
    void requestsAreCountedAndSomethingHasToBeFound() throws Exception {
        try (PlainRelay relay = new PlainRelay(Fault.NONE)) {
            Requests requests = new Requests("req", random -> "{\"kinds\":[1],\"limit\":5}", 2, 0.2);
            assertThat(requests.run(target(relay)).problems()).containsExactly("nothing was ever found");

            new Publishing("ingest", CORPUS.events(), 1, 8).run(target(relay));
            Measure measure = requests.run(target(relay));
            assertThat(measure.problems()).isEmpty();
            assertThat(measure.count()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "DELIVERS_TWICE", "DOES_NOT_DELIVER"})
    void eachDeliveryOfAFanOutIsCountedOnce(Fault fault) throws Exception {
        try (PlainRelay relay = new PlainRelay(fault)) {
            FanOut fanOut = new FanOut(
                    "fan-out",
                    CORPUS,
                    5,
                    (number, since) -> "{\"kinds\":[" + (number == 4 ? 7 : 1) + "],\"since\":" + since + "}",
                    new FanOut.Rate(100, 20),
                    2);
            Measure measure = fanOut.run(target(relay));

            assertThat(measure.count()).isEqualTo(fault == Fault.DOES_NOT_DELIVER ? 79 : 80);
            assertThat(measure.problems()).hasSize(fault == Fault.NONE ? 0 : 1);
        }
    }

    @Test
    void idleConnectionsAreOpenedAndWeighed() throws Exception {
        try (PlainRelay relay = new PlainRelay(Fault.NONE)) {
            Target here = new Target(
                    "here",
                    relay.address(),
                    Optional.of(new ProcessTree(ProcessHandle.current().pid())));
            Measure measure = new Idle("idle", 20, 10).run(here);

            assertThat(measure.count()).isEqualTo(20);
            assertThat(measure.bytes()).isPresent();
            assertThat(measure.cpuSeconds()).isPresent();
        }
    }

    private static Target target(PlainRelay relay) {
        return new Target("plain", relay.address(), Optional.empty());
    }
}
