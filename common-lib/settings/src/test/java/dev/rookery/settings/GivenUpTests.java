package dev.rookery.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.support.GenericApplicationContext;

@Timeout(30)
class GivenUpTests {

    @Test
    void hearsOfNothingButTheEnd() throws InterruptedException {
        Semaphore ends = new Semaphore(0);
        try (GenericApplicationContext service = new GenericApplicationContext()) {
            service.addApplicationListener(new GivenUp(ends::release));
            service.refresh();
            AvailabilityChangeEvent.publish(service, LivenessState.CORRECT);
            AvailabilityChangeEvent.publish(service, ReadinessState.REFUSING_TRAFFIC);
            AvailabilityChangeEvent.publish(service, LivenessState.BROKEN);

            assertThat(ends.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            assertThat(ends.tryAcquire()).isFalse();
        }
    }
}
