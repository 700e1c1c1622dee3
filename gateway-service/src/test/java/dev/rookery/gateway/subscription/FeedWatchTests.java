package dev.rookery.gateway.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.gateway.link.Link;
import dev.rookery.gateway.subscription.TestFeed.Heard;
import dev.rookery.link.LinkFrame.Heartbeat;
import dev.rookery.order.Position;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An instance that beats and brings nothing is not a link.
@Timeout(60)
class FeedWatchTests {

    private final TestFeed relay = new TestFeed(TestFeed.usual());
    private final FeedWatch watch =
            new FeedWatch(relay.feed, relay.reached, relay.channel.eventLoop(), TestFeed.usual());
    private final Heard heard = relay.listen("{}");
    private int closings;

    @Test
    void leavesAnInstanceThatStandsStillBehindWhatHasBeenAnswered() {
        link();
        beatFor(3, 5);
        relay.reached.raise(new Position(1, 6));
        beatFor(8, 5);
        assertThat(closings).isZero();
        beatFor(2, 5);
        assertThat(closings).isEqualTo(1);
    }

    @Test
    void leavesAnInstanceThatStandsStillBehindWhatAnotherBrought() {
        link();
        beatFor(1, 10);
        watch.closed();
        link();
        beatFor(9, 7);
        assertThat(closings).isZero();
        beatFor(2, 7);
        assertThat(closings).isEqualTo(1);
    }

    @Test
    void keepsAnInstanceWhileThereIsNothingToBring() {
        relay.reached.raise(new Position(1, 5));
        link();
        beatFor(100, 5);
        assertThat(closings).isZero();
        assertThat(heard.ends).isEmpty();
    }

    @Test
    void keepsAnInstanceThatIsFarBehindAndGoesOn() {
        relay.reached.raise(new Position(1, 1_000));
        link();
        for (int seq = 1; seq <= 25; seq++) {
            beatFor(4, seq);
        }
        assertThat(closings).isZero();
        assertThat(heard.ends).isEmpty();
    }

    @Test
    void endsEverythingWhenNoInstanceGoesOn() {
        relay.reached.raise(new Position(1, 6));
        for (int instance = 0; instance < 5; instance++) {
            link();
            beatFor(11, 5);
            assertThat(closings).isEqualTo(instance + 1);
            watch.closed();
        }
        assertThat(heard.ends).isEmpty();
        link();
        beatFor(6, 5);
        assertThat(heard.ends).singleElement().asString().startsWith("error: ");
    }

    @Test
    void endsEverythingWhenThereIsNoLinkForTooLong() {
        link();
        beatFor(1, 5);
        watch.closed();
        relay.pass(Duration.ofSeconds(58));
        assertThat(heard.ends).isEmpty();
        relay.pass(Duration.ofSeconds(2));
        assertThat(heard.ends).singleElement().asString().startsWith("error: ");
    }

    private void link() {
        watch.opened(new Link(relay.sent::add, () -> true, () -> closings++));
    }

    /// A heartbeat each second, and an answer to whoever registers.
    private void beatFor(int seconds, long seq) {
        for (int second = 0; second < seconds; second++) {
            watch.received(new Heartbeat(new Position(1, seq)));
            relay.acknowledge(1, seq);
            relay.pass(Duration.ofSeconds(1));
        }
    }
}
