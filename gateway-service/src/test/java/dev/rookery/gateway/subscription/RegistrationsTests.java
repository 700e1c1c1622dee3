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

    private static final class Deaf implements LiveListener {

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
        public void ended(String reason) {}
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
