package dev.rookery.gateway.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.filter.Filter;
import dev.rookery.order.Position;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RegistrationsTests {

    private static class Deaf implements LiveListener {

        @Override
        public EventExecutor executor() {
            return ImmediateEventExecutor.INSTANCE;
        }

        @Override
        public List<Filter> filters() {
            return List.of();
        }

        @Override
        public void registered(Position covered) {}

        @Override
        public void live(LiveEvent event) {}

        @Override
        public void broken() {}

        @Override
        public void ended(String reason) {}
    }

    /// As where memory is short.
    private static final class Failing extends Deaf {

        private boolean broken;

        @Override
        public void live(LiveEvent event) {
            throw new StackOverflowError("simulated");
        }

        @Override
        public void broken() {
            broken = true;
        }
    }

    private static final class Hearing extends Deaf {

        private int heard;

        @Override
        public void live(LiveEvent event) {
            heard++;
        }
    }

    @Test
    void tellsTheOthersWhenOneFailsAndEndsThatOne() {
        Registrations registrations = new Registrations();
        Failing failing = new Failing();
        Hearing hearing = new Hearing();
        int[] handles = {registrations.add(failing), registrations.add(hearing)};
        registrations.tell(new LiveEvent(new Position(1, 1), TestFeed.event(1, "a")), handles);
        assertThat(failing.broken).isTrue();
        assertThat(hearing.heard).isEqualTo(1);
    }

    @Test
    void givesHandlesThatGoRoundPastThoseInUse() {
        Registrations registrations = new Registrations();
        LiveListener old = new Deaf();
        assertThat(registrations.add(old)).isEqualTo(1);
        registrations.lastHandle = Integer.MAX_VALUE - 1;
        assertThat(registrations.add(new Deaf())).isEqualTo(Integer.MAX_VALUE);
        assertThat(registrations.add(new Deaf())).isEqualTo(2);
        assertThat(registrations.of(1)).isSameAs(old);
        assertThat(registrations.standing()).hasSize(3);
    }
}
