package dev.rookery.settings;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationListener;

/// Hears that a service has given itself up: it will not do its part again before it is started anew.
public final class GivenUp implements ApplicationListener<AvailabilityChangeEvent<LivenessState>> {

    private final Runnable then;

    /// @param then done once for each time, on a thread of its own: whoever gives up may be waited for at the end
    public GivenUp(Runnable then) {
        this.then = then;
    }

    @Override
    public void onApplicationEvent(AvailabilityChangeEvent<LivenessState> event) {
        if (event.getState() == LivenessState.BROKEN) {
            Thread.ofPlatform().name("given-up").start(then);
        }
    }
}
