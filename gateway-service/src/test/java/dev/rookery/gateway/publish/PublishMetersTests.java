package dev.rookery.gateway.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.embedded.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PublishMetersTests {

    /// A registry that does not hold what is measured has nothing to say once memory has been tidied.
    @Test
    void goesOnMeasuringWhatNothingElseHolds() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        AtomicInteger measured = new AtomicInteger(7);
        new PublishMeters(registry).gauge("measured", measured::get);
        WeakReference<Object> unheld = new WeakReference<>(new Object());
        assertThat(Await.until(Duration.ofSeconds(20), () -> {
                    System.gc();
                    return unheld.get() == null;
                }))
                .isTrue();

        assertThat(registry.get("measured").gauge().value()).isEqualTo(7);
    }
}
