package dev.rookery.gateway.subscription;

import static dev.rookery.gateway.subscription.TestFeed.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.gateway.link.Link;
import dev.rookery.gateway.subscription.TestFeed.Heard;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.order.Position;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;

/// What a lost link missed is told before anything else, or everything ends.
@Timeout(60)
class CatchUpTests {

    private TestFeed relay = new TestFeed(TestFeed.usual());
    private Heard notes;
    private Heard reactions;

    @Test
    void asksOnceForAllSubscriptionsAndTellsEachWhatItMatches() {
        lostAt(5);
        relinkedAt(8);

        LinkFrame.Range range = relay.ranges().getFirst();
        assertThat(range.after()).isEqualTo(new Position(1, 5));
        assertThat(range.upTo()).isEqualTo(new Position(1, 8));
        relay.page(range, 6, event(1, "six"));
        relay.page(range, 7, event(7, "seven"));
        relay.page(range, 8, event(1, "eight"));
        relay.end(range);

        assertThat(relay.ranges()).hasSize(1);
        assertThat(notes.events).containsExactly("1/6 six", "1/8 eight");
        assertThat(reactions.events).containsExactly("1/7 seven");
        assertThat(count("complete")).isEqualTo(2);
    }

    @Test
    void endsEverythingRatherThanGoOnBehindWhatItCouldNotTell() {
        lostAt(5);
        relinkedAt(8);

        LinkFrame.Range range = relay.ranges().getFirst();
        relay.answer(new LinkFrame.RangePage(range.request(), Collections.singletonList(null)));
        relay.end(range);

        assertThat(notes.ends).containsExactly("error: live events could not be told");
        assertThat(reactions.ends).hasSize(1);
    }

    @Test
    void waitsForEveryRegistrationBecauseTheLastTellsHowFarToAsk() {
        lostAt(5);
        relay.link(1, 6);
        int first = relay.handles().getFirst();
        int second = relay.handles().getLast();
        relay.receive(new LinkFrame.Registered(first, new Position(1, 6)));
        assertThat(relay.ranges()).isEmpty();
        relay.deliver(1, 7, event(7, "matched for one of them only"), first);
        relay.receive(new LinkFrame.Registered(second, new Position(1, 7)));

        assertThat(relay.ranges().getFirst().upTo()).isEqualTo(new Position(1, 7));
    }

    /// The first link of all begins between the registrations of those who were there before it.
    @Test
    void missesNothingBetweenTheRegistrationsOfTheFirstLink() {
        notes = relay.listen("{\"kinds\":[1]}");
        reactions = relay.listen("{\"kinds\":[7]}");
        relay.link(1, 100);
        int first = relay.handles().getFirst();
        int second = relay.handles().getLast();
        relay.receive(new LinkFrame.Registered(first, new Position(1, 100)));
        relay.deliver(1, 101, event(1, "between"), first);
        relay.receive(new LinkFrame.Registered(second, new Position(1, 101)));

        assertThat(relay.ranges()).as("what is asked of the store").hasSize(1);
        LinkFrame.Range range = relay.ranges().getFirst();
        assertThat(range.after()).isEqualTo(new Position(1, 100));
        relay.page(range, 101, event(1, "between"));
        relay.end(range);
        assertThat(notes.events).containsExactly("1/101 between");
    }

    @Test
    void holdsBackWhatTheNewLinkBringsUntilTheRangeHasBeenTold() {
        lostAt(5);
        relinkedAt(7);
        relay.deliver(1, 8, event(1, "eight"), notesHandle);
        relay.heartbeat(1, 9);
        LinkFrame.Range range = relay.ranges().getFirst();
        assertThat(notes.events).isEmpty();

        relay.page(range, 6, event(1, "six"));
        relay.end(range);

        assertThat(notes.events).containsExactly("1/6 six", "1/8 eight");
        assertThat(relay.feed.last()).isEqualTo(new Position(1, 9));
    }

    @Test
    void tellsWhatItHeldASliceAtATimeAndWhatComesMeanwhileBehindIt() {
        holds(2 * TestFeed.SLICE);
        relay.end(relay.ranges().getFirst());
        assertThat(notes.events).hasSizeBetween(1, TestFeed.SLICE);
        relay.deliver(1, 500, event(1, "later"), notesHandle);
        assertThat(notes.events).hasSizeBetween(1, TestFeed.SLICE);

        relay.pass(Duration.ofMillis(1));
        relay.pass(Duration.ofMillis(1));
        assertThat(notes.events).hasSize(2 * TestFeed.SLICE + 1).first().isEqualTo("1/9 held 9");
        assertThat(notes.events).last().isEqualTo("1/500 later");
        relay.deliver(1, 501, event(1, "at once"), notesHandle);
        assertThat(notes.events).last().isEqualTo("1/501 at once");
    }

    @Test
    void startsFromWhatHasBeenToldWhenALinkIsLostWithFramesHeld() {
        holds(2 * TestFeed.SLICE);
        relay.end(relay.ranges().getFirst());
        int told = notes.events.size();
        relay.cut();
        relay.pass(Duration.ofMillis(5));
        relinkedAt(300);

        assertThat(notes.events).hasSize(told);
        assertThat(relay.ranges().getLast().after()).isEqualTo(new Position(1, 8 + told));
    }

    private void holds(int frames) {
        relay = new TestFeed(TestFeed.settings(200, DataSize.ofMegabytes(1), 3));
        relay.channel.freezeTime();
        lostAt(5);
        relinkedAt(8);
        for (int seq = 9; seq < 9 + frames; seq++) {
            relay.deliver(1, seq, event(1, "held " + seq), notesHandle);
        }
    }

    @Test
    void goesOnFromWhereAnAnswerBrokeOff() {
        lostAt(5);
        relinkedAt(8);
        LinkFrame.Range range = relay.ranges().getFirst();
        relay.page(range, 6, event(1, "six"));
        relay.fail(range, Failure.UNAVAILABLE);
        relay.pass(Duration.ofSeconds(2));

        LinkFrame.Range again = relay.ranges().getLast();
        assertThat(again.after()).isEqualTo(new Position(1, 6));
        relay.page(again, 8, event(1, "eight"));
        relay.end(again);
        assertThat(notes.events).containsExactly("1/6 six", "1/8 eight");
        assertThat(notes.ends).isEmpty();
    }

    @Test
    void goesOnWhenTheLinkToTheStoreIsLostAndBack() {
        lostAt(5);
        relinkedAt(8);
        relay.query.closed();
        relay.query.opened(new dev.rookery.gateway.link.Link(relay.asked::add, () -> true, () -> {}));
        relay.pass(Duration.ofSeconds(2));

        LinkFrame.Range again = relay.ranges().getLast();
        relay.page(again, 7, event(1, "seven"));
        relay.end(again);
        assertThat(notes.events).containsExactly("1/7 seven");
    }

    @Test
    void discardsWhatWasHeldWhenThisLinkIsLostTooAndStartsFromTheSamePlace() {
        lostAt(5);
        relinkedAt(7);
        relay.deliver(1, 8, event(1, "eight, held"), notesHandle);
        LinkFrame.Range former = relay.ranges().getFirst();
        relay.cut();
        relinkedAt(9);
        relay.page(former, 6, event(1, "six, of the former"));
        relay.end(former);
        LinkFrame.Range range = relay.ranges().getLast();
        assertThat(range.after()).isEqualTo(new Position(1, 5));
        assertThat(range.upTo()).isEqualTo(new Position(1, 9));
        relay.page(range, 6, event(1, "six"));
        relay.page(range, 8, event(1, "eight"));
        relay.end(range);

        assertThat(notes.events).containsExactly("1/6 six", "1/8 eight");
        assertThat(relay.meters.get("rookery.gateway.live.held").gauge().value())
                .isZero();
    }

    @Test
    void doesNotTellTheRangeToWhoeverRegisteredAfterIt() {
        lostAt(5);
        relinkedAt(8);
        Heard late = relay.listen("{}");
        relay.acknowledge(1, 8);
        LinkFrame.Range range = relay.ranges().getFirst();
        relay.page(range, 6, event(1, "six"));
        relay.end(range);

        assertThat(late.covered).containsExactly(new Position(1, 8));
        assertThat(late.events).isEmpty();
    }

    @Test
    void tellsNothingToWhoeverLeftMeanwhile() {
        lostAt(5);
        relinkedAt(8);
        relay.feed.unregister(notes);
        LinkFrame.Range range = relay.ranges().getFirst();
        relay.page(range, 6, event(1, "six"));
        relay.end(range);

        assertThat(notes.events).isEmpty();
    }

    @Test
    void endsEverythingWhenTooManyPositionsWereMissed() {
        lostAt(5);
        relinkedAt(5 + 1_001);

        assertEnded();
        assertThat(relay.ranges()).isEmpty();
        assertThat(relay.feed.last()).isEqualTo(new Position(1, 1_006));
    }

    @Test
    void asksForAsManyPositionsAsItMay() {
        lostAt(5);
        relinkedAt(5 + 1_000);

        assertThat(relay.ranges()).hasSize(1);
        assertThat(notes.ends).isEmpty();
    }

    @Test
    void endsEverythingWhenTheStoreRefusesTheRangeForGood() {
        lostAt(5);
        relinkedAt(8);
        relay.fail(relay.ranges().getFirst(), Failure.TOO_LARGE);

        assertEnded();
    }

    @Test
    void asksAgainWhenTheStoreWasTooSlow() {
        lostAt(5);
        relinkedAt(8);
        relay.fail(relay.ranges().getFirst(), Failure.TOO_SLOW);
        relay.pass(Duration.ofSeconds(2));
        LinkFrame.Range again = relay.ranges().getLast();
        relay.page(again, 8, event(1, "eight"));
        relay.end(again);

        assertThat(relay.ranges()).hasSize(2);
        assertThat(notes.ends).isEmpty();
        assertThat(notes.events).containsExactly("1/8 eight");
    }

    @Test
    void endsEverythingWhenTheStoreDoesNotAnswerInSoManyAttempts() {
        lostAt(5);
        relinkedAt(8);
        for (int attempt = 1; attempt <= 4; attempt++) {
            assertThat(relay.ranges()).hasSize(attempt);
            assertThat(notes.ends).isEmpty();
            relay.fail(relay.ranges().getLast(), Failure.UNAVAILABLE);
            relay.pass(Duration.ofSeconds(2));
        }

        assertEnded();
    }

    @Test
    void endsEverythingWhenAnAnswerDoesNotComeInTime() {
        lostAt(5);
        relinkedAt(8);
        relay.page(relay.ranges().getFirst(), 6, event(1, "six"));
        relay.pass(Duration.ofSeconds(59));
        assertThat(notes.ends).isEmpty();
        relay.pass(Duration.ofSeconds(2));

        assertEnded();
        assertThat(notes.events).containsExactly("1/6 six");
    }

    @Test
    void endsEverythingWhenRegistrationsAreNotAnsweredInTime() {
        lostAt(5);
        relay.link(1, 8);
        relay.pass(Duration.ofSeconds(61));

        assertEnded();
    }

    @Test
    void endsEverythingWhenTooManyFramesAreHeld() {
        lostAt(5);
        relinkedAt(8);
        for (int seq = 9; seq < 9 + 99; seq++) {
            relay.heartbeat(1, seq);
        }
        assertThat(notes.ends).isEmpty();
        relay.heartbeat(1, 200);
        relay.heartbeat(1, 201);

        assertEnded();
    }

    @Test
    void endsEverythingWhenTheFramesThatAreHeldTakeTooMuch() {
        relay = new TestFeed(TestFeed.settings(100, DataSize.ofKilobytes(10), 3));
        lostAt(5);
        relinkedAt(8);
        relay.deliver(1, 9, event(1, "x".repeat(6_000)), notesHandle);
        assertThat(notes.ends).isEmpty();
        assertThat(relay.meters.get("rookery.gateway.live.held.bytes").gauge().value())
                .isGreaterThan(6_000);
        relay.deliver(1, 10, event(1, "y".repeat(6_000)), notesHandle);

        assertEnded();
        assertThat(notes.events).isEmpty();
    }

    @Test
    void tellsWhoeverComesAfterAnEndWhatComesThen() {
        lostAt(5);
        relinkedAt(8);
        relay.fail(relay.ranges().getFirst(), Failure.TOO_LARGE);
        Heard fresh = relay.listen("{}");
        int handle = relay.handles().getLast();
        relay.acknowledge(1, 8);
        relay.deliver(1, 9, event(1, "nine"), handle);

        assertThat(fresh.events).containsExactly("1/9 nine");
    }

    /// Whoever subscribes before the link has said anything else has missed nothing of what came before.
    @Test
    void endsNothingThatBeganAfterAllThatWasMissed() {
        relay.link(1, 5);
        relay.cut();
        relay.feed.opened(new Link(relay.sent::add, () -> true, () -> {}));
        Heard fresh = relay.listen("{}");
        relay.acknowledge(1, 5 + 1_001);

        assertThat(fresh.ends).isEmpty();
        assertThat(relay.ranges()).isEmpty();
        assertThat(fresh.covered).containsExactly(new Position(1, 1_006));
    }

    private int notesHandle;

    private void lostAt(long seq) {
        relay.link(1, seq);
        notes = relay.listen("{\"kinds\":[1]}");
        reactions = relay.listen("{\"kinds\":[7]}");
        relay.acknowledge(1, seq);
        relay.cut();
    }

    private void relinkedAt(long seq) {
        relay.link(1, seq);
        notesHandle = relay.handles().getFirst();
        relay.acknowledge(1, seq);
    }

    private void assertEnded() {
        assertThat(notes.ends).singleElement().asString().startsWith("error: ");
        assertThat(reactions.ends).singleElement().asString().startsWith("error: ");
        assertThat(count("given-up")).isEqualTo(1);
    }

    private double count(String outcome) {
        return relay.meters
                .get("rookery.gateway.live.catchups")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
