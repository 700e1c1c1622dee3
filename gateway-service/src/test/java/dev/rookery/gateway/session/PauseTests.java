package dev.rookery.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PauseTests {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicInteger readOn = new AtomicInteger();
    private final Pause pause = new Pause(channel.eventLoop(), readOn::incrementAndGet);

    PauseTests() {
        channel.freezeTime();
    }

    @Test
    void isOverAfterAWhileHoweverOftenItBegins() {
        assertThat(pause.isOver()).isTrue();
        pause.begin();
        pass(50);
        pause.begin();
        assertThat(pause.isOver()).isFalse();
        assertThat(readOn).hasValue(0);
        pass(50);
        assertThat(pause.isOver()).isTrue();
        assertThat(readOn).hasValue(1);
        pause.begin();
        assertThat(pause.isOver()).isFalse();
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
