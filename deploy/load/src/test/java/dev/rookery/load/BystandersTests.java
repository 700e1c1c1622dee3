package dev.rookery.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.embedded.Await;
import dev.rookery.load.PlainRelay.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BystandersTests {

    @Test
    void areAllThereWhenTheMeasuringBegins() throws Exception {
        try (PlainRelay relay = new PlainRelay(Fault.NONE)) {
            Target target = new Target("plain", relay.address(), Optional.empty());
            Connections joined = new Bystanders(250, 5).join(target);
            try (joined) {
                assertThat(relay.subscriptions()).isEqualTo(250);
                // A client is connected a moment before the relay has taken note of it.
                assertThat(Await.until(Duration.ofSeconds(20), () -> relay.connections() == 3 + 5))
                        .isTrue();
            }
        }
    }

    @Test
    void areAskedForOnTheCommandLine() {
        List<String> relay = List.of("--relay=ws://127.0.0.1:1", "--subscriptions=7", "--connections=8");
        assertThat(Options.of(relay).bystanders()).isEqualTo(new Bystanders(7, 8));
        assertThat(Options.of(relay.subList(0, 1)).bystanders()).isEqualTo(new Bystanders(0, 0));
        assertThatThrownBy(() -> Options.of(List.of("--relay=ws://127.0.0.1:1", "--connections=-1")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
