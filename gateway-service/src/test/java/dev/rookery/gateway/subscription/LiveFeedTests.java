package dev.rookery.gateway.subscription;

import static dev.rookery.gateway.subscription.TestFeed.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.gateway.subscription.TestFeed.Heard;
import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One contiguous order across links, epochs and instances.
@Timeout(60)
class LiveFeedTests {

    private final TestFeed relay = new TestFeed(TestFeed.usual());

    @Test
    void tellsEachPositionOnceAndDropsWhatIsAtOrBelowTheLast() {
        Heard all = linkedAt(5);
        int handle = lastHandle;

        relay.deliver(1, 6, event(1, "six"), handle);
        relay.deliver(1, 6, event(1, "six again"), handle);
        relay.deliver(1, 4, event(1, "four"), handle);
        relay.heartbeat(1, 3);
        relay.deliver(1, 7, event(1, "seven"), handle);

        assertThat(all.events).containsExactly("1/6 six", "1/7 seven");
        assertThat(relay.feed.last()).isEqualTo(new Position(1, 7));
    }

    /// What that instance has still to match has been told already, and must come from the store for whoever is new.
    @Test
    void saysThatMoreIsCoveredThanAnInstanceBehindHasSeen() {
        Heard old = linkedAt(10);
        relay.cut();
        relay.link(1, 7);
        int handle = relay.handles().getFirst();
        relay.acknowledge(1, 7);
        Heard fresh = relay.listen("{}");
        int freshHandle = relay.handles().getLast();
        relay.acknowledge(1, 7);

        relay.deliver(1, 8, event(1, "eight"), handle, freshHandle);
        relay.deliver(1, 11, event(1, "eleven"), handle, freshHandle);

        assertThat(fresh.covered).containsExactly(new Position(1, 10));
        assertThat(old.events).containsExactly("1/11 eleven");
        assertThat(fresh.events).containsExactly("1/11 eleven");
        assertThat(relay.ranges()).isEmpty();
    }

    @Test
    void neverUsesAHandleTwice() {
        relay.link(1, 5);
        relay.listen("{}");
        Heard gone = relay.listen("{}");
        List<Integer> handles = new ArrayList<>(relay.handles());
        relay.feed.unregister(gone);
        relay.listen("{}");
        handles.add(relay.handles().getLast());
        relay.cut();
        relay.link(1, 5);
        handles.addAll(relay.handles());

        assertThat(handles).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void tellsNobodyWhatWasUnderWayForAnotherLinkOrForWhoeverIsGone() {
        Heard all = linkedAt(5);
        int former = lastHandle;
        relay.cut();
        relay.link(1, 5);
        relay.acknowledge(1, 5);
        relay.deliver(1, 6, event(1, "six"), former);

        assertThat(all.events).isEmpty();
        assertThat(relay.feed.last()).isEqualTo(new Position(1, 6));
    }

    @Test
    void endsEverySubscriptionWhenALaterEpochShows() {
        Heard first = linkedAt(5);
        relay.cut();
        relay.link(2, 3);

        assertThat(first.ends).singleElement().asString().startsWith("error: ");
        assertThat(relay.feed.last()).isEqualTo(new Position(2, 3));
        assertThat(relay.reached.get()).isEqualTo(new Position(2, 0));
        Heard second = relay.listen("{}");
        int handle = relay.handles().getLast();
        relay.acknowledge(2, 3);
        relay.deliver(2, 4, event(1, "four"), handle);
        assertThat(second.events).containsExactly("2/4 four");
        assertThat(first.events).isEmpty();
    }

    @Test
    void endsThemInTheMiddleOfACatchUpToo() {
        Heard all = linkedAt(5);
        relay.cut();
        relay.link(1, 9);
        relay.acknowledge(1, 9);
        LinkFrame.Range range = relay.ranges().getFirst();
        relay.deliver(1, 10, event(1, "held"), relay.feed.standing().size());
        relay.cut();
        relay.link(2, 0);
        relay.page(range, 6, event(1, "of the epoch before"));
        relay.end(range);

        assertThat(all.ends).hasSize(1);
        assertThat(all.events).isEmpty();
        assertThat(relay.feed.last()).isEqualTo(new Position(2, 0));
    }

    /// Its higher numbers mean something else.
    @Test
    void givesUpALinkToAnInstanceThatHasNotHeardOfTheEpoch() {
        relay.link(2, 3);
        Heard all = relay.listen("{}");
        relay.acknowledge(2, 3);
        relay.cut();
        relay.link(1, 50);
        int handle = relay.handles().getFirst();
        relay.acknowledge(1, 50);
        relay.deliver(1, 51, event(1, "of the epoch before"), handle);

        assertThat(relay.closings).isPositive();
        assertThat(all.events).isEmpty();
        assertThat(all.ends).isEmpty();
        assertThat(relay.feed.last()).isEqualTo(new Position(2, 3));
        assertThat(relay.reached.get().epoch()).isEqualTo(2);
    }

    @Test
    void endsOnlyWhoseRegistrationIsRefused() {
        relay.link(1, 5);
        Heard refused = relay.listen("{}");
        Heard other = relay.listen("{}");
        relay.receive(new LinkFrame.Refused(relay.handles().getFirst(), "error: too many filters"));

        assertThat(refused.ends).containsExactly("error: too many filters");
        assertThat(other.ends).isEmpty();
    }

    /// Without it the service would stop sending, and cut the link in the end.
    @Test
    void givesCreditBackForAllThatItTakesWhetherToldHeldOrDropped() {
        linkedAt(5);
        relay.cut();
        relay.link(1, 9);
        long granted = granted();
        String long_ = "x".repeat(500_000);
        for (int i = 0; i < 6; i++) {
            relay.deliver(1, 9, event(1, long_ + i), 1);
        }

        assertThat(granted() - granted).isBetween(2_000_000L, 3_100_000L);
    }

    @Test
    void deliversAnEphemeralEventOnceAndWithoutAPlaceInTheOrder() {
        Heard all = linkedAt(5);
        relay.deliver(0, 0, event(20_001, "ephemeral"), lastHandle);
        relay.deliver(0, 0, event(20_001, "ephemeral"), lastHandle);

        assertThat(all.events).containsExactly("0/0 ephemeral");
        assertThat(relay.feed.last()).isEqualTo(new Position(1, 5));
    }

    /// One who sends it again, because nobody was there to answer, reaches who has come since; also by another link.
    @Test
    void deliversAnEphemeralEventThatComesAgainToThoseOnlyWhoHaveComeSince() {
        Event event = event(20_001, "ephemeral");
        Heard first = linkedAt(5);
        relay.deliver(0, 0, event, lastHandle);
        Heard second = relay.listen("{}");
        relay.deliver(0, 0, event, lastHandle, relay.handles().getLast());
        relay.cut();
        relay.link(1, 5);
        Heard third = relay.listen("{}");
        relay.deliver(
                0,
                0,
                event,
                relay.handles().stream().mapToInt(Integer::intValue).toArray());

        assertThat(List.of(first, second, third))
                .allSatisfy(heard -> assertThat(heard.events).containsExactly("0/0 ephemeral"));
    }

    @Test
    void isReadyWithALinkAndAPositionOnly() {
        assertThat(relay.feed.isReady()).isFalse();
        relay.link(0, 0);
        assertThat(relay.feed.isReady()).isFalse();
        relay.heartbeat(1, 0);
        assertThat(relay.feed.isReady()).isTrue();
        relay.cut();
        assertThat(relay.feed.isReady()).isFalse();
    }

    private int lastHandle;

    private Heard linkedAt(long seq) {
        relay.link(1, seq);
        Heard heard = relay.listen("{}");
        lastHandle = relay.handles().getLast();
        relay.acknowledge(1, seq);
        return heard;
    }

    private long granted() {
        return relay.sent.stream()
                .filter(LinkFrame.Credit.class::isInstance)
                .mapToLong(frame -> ((LinkFrame.Credit) frame).bytes())
                .sum();
    }
}
