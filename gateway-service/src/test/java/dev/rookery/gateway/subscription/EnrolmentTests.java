package dev.rookery.gateway.subscription;

import static dev.rookery.gateway.subscription.TestFeed.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.gateway.subscription.TestFeed.Heard;
import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Standing subscriptions go over a new link no faster than it takes them, and a catch-up waits for all of them.
@Timeout(60)
class EnrolmentTests {

    private static final int STANDING = TestFeed.SLICE + 10;

    private final TestFeed relay = new TestFeed(TestFeed.usual());
    private List<Heard> standing = List.of();

    @Test
    void registersNoMoreThanASliceBeforeItIsAnswered() {
        lostAt(5);
        relay.link(1, 8);
        assertThat(relay.handles()).hasSize(TestFeed.SLICE);
        answerNext(8);
        assertThat(registered()).isEqualTo(TestFeed.SLICE + 1);
        for (int i = 1; i < STANDING; i++) {
            assertThat(relay.ranges()).isEmpty();
            answerNext(8);
        }
        assertThat(registered()).isEqualTo(STANDING);
        assertThat(relay.ranges()).hasSize(1);
    }

    @Test
    void registersNothingWhileTheLinkTakesNothing() {
        lostAt(5);
        relay.writable = false;
        relay.link(1, 8);
        relay.heartbeat(1, 8);
        assertThat(relay.handles()).isEmpty();
        assertThat(relay.ranges()).isEmpty();
        relay.writable = true;
        relay.heartbeat(1, 8);
        assertThat(relay.handles()).hasSize(TestFeed.SLICE);
    }

    /// It has seen less than the last of those that were there before it.
    @Test
    void tellsWhoeverComesMeanwhileWhatItHasMissedToo() {
        lostAt(5);
        relay.link(1, 6);
        Heard late = relay.listen("{\"kinds\":[1]}");
        int handle = relay.handles().getLast();
        for (int i = 0; i <= TestFeed.SLICE; i++) {
            answerNext(6);
        }
        assertThat(late.covered).containsExactly(new Position(1, 6));
        assertThat(relay.ranges())
                .as("not all that were there before it are registered")
                .isEmpty();
        relay.deliver(1, 7, event(1, "seven"), handle);
        for (int i = TestFeed.SLICE; i < STANDING; i++) {
            answerNext(7);
        }
        LinkFrame.Range range = relay.ranges().getFirst();
        assertThat(range.upTo()).isEqualTo(new Position(1, 7));
        relay.page(range, 7, event(1, "seven"));
        relay.end(range);
        assertThat(late.events).containsExactly("1/7 seven");
        assertThat(standing).allSatisfy(heard -> assertThat(heard.events).containsExactly("1/7 seven"));
    }

    @Test
    void doesNotWaitForWhoeverLeavesMeanwhile() {
        lostAt(5);
        relay.link(1, 8);
        relay.feed.unregister(standing.getFirst());
        relay.feed.unregister(standing.getLast());
        for (int i = 0; i < STANDING - 1; i++) {
            assertThat(relay.ranges()).isEmpty();
            answerNext(8);
        }
        assertThat(registered()).isEqualTo(STANDING - 1);
        assertThat(relay.ranges()).hasSize(1);
    }

    private int answered;

    /// The registration that was sent next after those that were answered.
    private void answerNext(long seen) {
        relay.receive(new LinkFrame.Registered(relay.handles().get(answered++), new Position(1, seen)));
    }

    private int registered() {
        return relay.handles().size();
    }

    private void lostAt(long seq) {
        relay.link(1, seq);
        standing = IntStream.range(0, STANDING)
                .mapToObj(i -> relay.listen("{\"kinds\":[1]}"))
                .toList();
        relay.acknowledge(1, seq);
        relay.cut();
    }
}
