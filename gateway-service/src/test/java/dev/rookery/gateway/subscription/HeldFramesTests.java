package dev.rookery.gateway.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.link.LinkFrame.Deliver;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class HeldFramesTests {

    private final HeldFrames held = new HeldFrames(
            TestFeed.settings(100, DataSize.ofKilobytes(10), 3), new FeedMeters(new SimpleMeterRegistry()));

    /// Of an event that very many want, there is next to nothing but them.
    @Test
    void haveNoRoomForThoseWhomTheyAreForWithoutBound() {
        assertThat(add(9, 1_500)).isTrue();
        assertThat(add(10, 1_500)).isFalse();
        held.release(1, (position, frame) -> {});
        assertThat(add(10, 1_500)).isTrue();
    }

    private boolean add(long seq, int handles) {
        Position position = new Position(1, seq);
        return held.add(position, new Deliver(position, new int[handles], new byte[100]));
    }
}
