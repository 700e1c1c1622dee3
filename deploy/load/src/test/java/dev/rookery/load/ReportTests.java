package dev.rookery.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

@Timeout(10)
class ReportTests {

    @Test
    void givesTheMedianOfSeveralRoundsTheirSpreadAndRatiosOfEachRound() {
        Report report = new Report(List.of(
                run("ours", 100, 2),
                run("theirs", 50, 2),
                run("ours", 300, 2),
                run("theirs", 100, 2),
                run("ours", 200, 2)));

        assertThat(report.table())
                .contains("/s 100 (50.00 to 150)", "/s 50.00 (25.00 to 50.00)", "CPU ms each 5.00 (3.33 to 10.00)")
                .contains("ours to theirs", "/s 3.00 (2.00 to 3.00)");
    }

    @Test
    void saysWhatWasMissing() {
        Measure incomplete = new Measure(
                "s", "r", "events", 1, 1, null, OptionalDouble.empty(), OptionalDouble.empty(), List.of("one is lost"));

        assertThat(new Report(List.of(incomplete)).table()).contains("!! one is lost");
        assertThat(JsonMapper.builder().build().readTree(new Report(List.of(incomplete)).json()))
                .first()
                .satisfies(run -> {
                    assertThat(run.get("problems").get(0).asString()).isEqualTo("one is lost");
                    assertThat(run.get("p50.0_ms")).isNull();
                });
    }

    private static Measure run(String relay, long count, double seconds) {
        Histogram latency = new Histogram(3);
        latency.recordValue(4_000);
        return new Measure(
                "s", relay, "events", count, seconds, latency, OptionalDouble.of(1), OptionalDouble.empty(), List.of());
    }
}
