package dev.rookery.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What query-service is asked again for, in virtual time.
class RetryTests {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Retry retry = new Retry(channel.eventLoop(), Duration.ofSeconds(1));
    private final List<Long> asked = new ArrayList<>();
    private long millis;

    RetryTests() {
        channel.freezeTime();
    }

    @Test
    void asksAtPausesThatGrowUpToABound() {
        retry.later(this::askInVain);
        pass(1_000);
        assertThat(asked).startsWith(25L, 75L, 175L, 375L, 575L, 775L);
    }

    @Test
    void givesUpInTime() {
        retry.later(this::askInVain);
        pass(5_000);
        assertThat(asked).last().isEqualTo(1_175L);
        assertThat(retry.later(this::askInVain)).isFalse();
    }

    @Test
    void asksNoMoreOnceItIsCancelled() {
        retry.later(this::askInVain);
        retry.cancel();
        pass(5_000);
        assertThat(asked).isEmpty();
    }

    private void askInVain() {
        asked.add(millis);
        var _ = retry.later(this::askInVain);
    }

    private void pass(long time) {
        for (long passed = 0; passed < time; passed += 5) {
            millis += 5;
            channel.advanceTimeBy(5, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }
    }
}
