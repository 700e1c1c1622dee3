package dev.rookery.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.order.OrderedFeed.Bounds;
import dev.rookery.order.OrderedFeed.Course;
import dev.rookery.order.OrderedFeed.Missing;
import dev.rookery.order.OrderedFeed.Outcome;
import dev.rookery.order.OrderedFeed.Placed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class OrderedFeedTests {

    private static final long MILLI = 1_000_000;

    private final List<String> applied = new ArrayList<>();
    private final OrderedFeed<String> feed =
            new OrderedFeed<>(new Bounds(Duration.ofMillis(500), 4), (at, item) -> applied.add(at + item));

    @Test
    void appliesWhatComesNextAtOnce() {
        start(1, 10);
        assertThat(offer(1, 11, 0)).isEqualTo(Outcome.APPLIED);
        assertThat(applied).containsExactly("1/11");
        assertThat(feed.last()).isEqualTo(new Position(1, 11));
    }

    /// The numbers between might be given out again, and would be dropped as seen by whoever has been told of them.
    @Test
    void doesNotBeginAgainBehindWhatItHasApplied() {
        start(1, 10);
        offer(1, 11, 0);
        feed.stop();
        assertThat(feed.start(new Position(1, 10))).isFalse();
        assertThat(feed.isStarted()).isFalse();
        assertThat(feed.start(new Position(1, 11))).isTrue();
        feed.stop();
        assertThat(feed.start(new Position(2, 3))).isTrue();
    }

    @Test
    void dropsWhatItHasSeen() {
        start(1, 10);
        offer(1, 11, 0);
        assertThat(offer(1, 11, 0)).isEqualTo(Outcome.DROPPED);
        assertThat(offer(1, 10, 0)).isEqualTo(Outcome.DROPPED);
        offer(1, 13, 0);
        assertThat(offer(1, 13, 0)).isEqualTo(Outcome.DROPPED);
        assertThat(applied).hasSize(1);
    }

    @Test
    void holdsBackWhatComesTooEarly() {
        start(1, 0);
        assertThat(offer(1, 3, 0)).isEqualTo(Outcome.HELD);
        assertThat(offer(1, 2, 0)).isEqualTo(Outcome.HELD);
        assertThat(applied).isEmpty();
        offer(1, 1, 0);
        assertThat(applied).containsExactly("1/1", "1/2", "1/3");
        assertThat(feed.behind()).isZero();
    }

    @Test
    void leavesAGapHalfASecondToCloseByItself() {
        start(1, 0);
        offer(1, 2, 0);
        assertThat(feed.ask(499 * MILLI)).isEmpty();
        assertThat(feed.ask(500 * MILLI)).contains(new Missing(1, 0, 1));
    }

    @Test
    void asksForAllThatIsOverdueAsOneRange() {
        start(1, 0);
        offer(1, 2, 0);
        offer(1, 5, 100 * MILLI);
        offer(1, 9, 400 * MILLI);
        assertThat(feed.ask(700 * MILLI)).contains(new Missing(1, 0, 4));
    }

    @Test
    void asksForOneRangeAtATime() {
        start(1, 0);
        offer(1, 2, 0);
        assertThat(feed.ask(500 * MILLI)).isPresent();
        assertThat(feed.ask(5000 * MILLI)).isEmpty();
    }

    @Test
    void asksForATailThatOnlyTheDatabaseKnows() {
        start(1, 7);
        feed.committed(new Position(1, 9), feed.last(), 0);
        assertThat(feed.behind()).isEqualTo(2);
        assertThat(feed.ask(499 * MILLI)).isEmpty();
        assertThat(feed.ask(500 * MILLI)).contains(new Missing(1, 7, 9));
    }

    @Test
    void doesNotWaitAgainWhileTheOutageLasts() {
        start(1, 0);
        offer(1, 2, 0);
        Missing first = feed.ask(500 * MILLI).orElseThrow();
        feed.fill(first, 1, List.of(new Placed<>(1, "f")));
        feed.committed(new Position(1, 4), feed.last(), 501 * MILLI);
        assertThat(feed.ask(501 * MILLI)).contains(new Missing(1, 2, 4));
        feed.fill(new Missing(1, 2, 4), 4, List.of(new Placed<>(3, "f"), new Placed<>(4, "f")));
        offer(1, 5, 502 * MILLI);
        feed.committed(new Position(1, 6), feed.last(), 503 * MILLI);
        assertThat(feed.ask(503 * MILLI)).isEmpty();
        assertThat(applied).containsExactly("1/1f", "1/2", "1/3f", "1/4f", "1/5");
    }

    @Test
    void goesOnBehindAnAnswerThatReachesOnlyPartOfTheRange() {
        start(1, 0);
        offer(1, 9, 0);
        Missing range = feed.ask(500 * MILLI).orElseThrow();
        feed.fill(range, 3, List.of(new Placed<>(1, "f"), new Placed<>(2, "f"), new Placed<>(3, "f")));
        assertThat(feed.ask(500 * MILLI)).contains(new Missing(1, 3, 8));
    }

    @Test
    void passesOverWhatIsGoneAndSaysHowMuch() {
        start(1, 0);
        offer(1, 4, 0);
        offer(1, 6, 0);
        Missing range = feed.ask(500 * MILLI).orElseThrow();
        assertThat(range).isEqualTo(new Missing(1, 0, 5));
        assertThat(feed.fill(range, 5, List.of(new Placed<>(2, "f"), new Placed<>(4, "late"))))
                .isEqualTo(3);
        assertThat(applied).containsExactly("1/2f", "1/4", "1/6");
    }

    @Test
    void asksForTheOldestGapAtOnceWhenTooMuchIsHeldBack() {
        start(1, 0);
        for (int seq = 2; seq <= 7; seq++) {
            offer(1, seq, 0);
        }
        assertThat(feed.heldBack()).isEqualTo(4);
        Missing range = feed.ask(1).orElseThrow();
        assertThat(range).isEqualTo(new Missing(1, 0, 1));
        feed.fill(range, 1, List.of(new Placed<>(1, "f")));
        assertThat(feed.last().seq()).isEqualTo(5);
        assertThat(feed.ask(2)).contains(new Missing(1, 5, 7));
    }

    @Test
    void letsTheHighestGoWhenWhatIsHeldBackTakesTooMuchAndAsksForItLater() {
        OrderedFeed<String> narrow = new OrderedFeed<>(
                new Bounds(Duration.ofMillis(500), 100, 10), String::length, (at, item) -> applied.add(at + item));
        narrow.start(new Position(1, 0));
        for (int seq = 2; seq <= 5; seq++) {
            narrow.offer(new Position(1, seq), "four", 0);
        }
        assertThat(narrow.heldBack()).isEqualTo(2);
        assertThat(narrow.heldBackBytes()).isEqualTo(8);
        Missing range = narrow.ask(1).orElseThrow();
        assertThat(range).isEqualTo(new Missing(1, 0, 1));
        narrow.fill(range, 1, List.of(new Placed<>(1, "f")));
        Missing rest = narrow.ask(2).orElseThrow();
        assertThat(rest).isEqualTo(new Missing(1, 3, 5));
        narrow.fill(rest, 5, List.of(new Placed<>(4, "f"), new Placed<>(5, "f")));
        assertThat(applied).containsExactly("1/1f", "1/2four", "1/3four", "1/4f", "1/5f");
        assertThat(narrow.heldBackBytes()).isZero();
    }

    /// Or it could never be told of.
    @Test
    void holdsBackOneRecordHoweverLarge() {
        OrderedFeed<String> narrow = new OrderedFeed<>(
                new Bounds(Duration.ofMillis(500), 100, 10), String::length, (at, item) -> applied.add(at + item));
        narrow.start(new Position(1, 0));
        narrow.offer(new Position(1, 2), "x".repeat(50), 0);
        assertThat(narrow.heldBack()).isEqualTo(1);
        narrow.offer(new Position(1, 1), "", 0);
        assertThat(applied).hasSize(2);
    }

    @Test
    void asksAgainAfterAFailureButNotAtOnce() {
        start(1, 0);
        offer(1, 2, 0);
        Missing range = feed.ask(500 * MILLI).orElseThrow();
        feed.failed(range, 600 * MILLI);
        assertThat(feed.ask(1099 * MILLI)).isEmpty();
        assertThat(feed.ask(1100 * MILLI)).contains(range);
    }

    @Test
    void standsStillWhenAHigherEpochShowsUntilStartedInIt() {
        start(1, 5);
        offer(1, 7, 0);
        assertThat(offer(2, 4, 0)).isEqualTo(Outcome.ENDED);
        assertThat(feed.isStarted()).isFalse();
        assertThat(offer(1, 6, 0)).isEqualTo(Outcome.DROPPED);
        assertThat(offer(2, 3, 0)).isEqualTo(Outcome.HELD);
        assertThat(feed.start(new Position(1, 8))).isFalse();
        assertThat(feed.start(new Position(2, 3))).isTrue();
        assertThat(applied).containsExactly("2/4");
    }

    @Test
    void learnsOfAHigherEpochFromTheDatabaseToo() {
        start(1, 5);
        assertThat(feed.committed(new Position(2, 1), feed.last(), 0)).isEqualTo(Course.ENDED);
        assertThat(feed.isStarted()).isFalse();
        assertThat(feed.ask(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void standsStillOnceTheDatabaseHasLessThanWasAppliedWhenItWasAsked() {
        start(1, 5);
        Position asked = feed.last();
        offer(1, 6, 0);
        assertThat(feed.committed(new Position(1, 5), asked, 0))
                .as("an answer that was long in coming")
                .isEqualTo(Course.GOES_ON);
        offer(1, 8, 0);
        assertThat(feed.committed(new Position(1, 5), feed.last(), 0)).isEqualTo(Course.WENT_BACK);
        assertThat(feed.isStarted()).isFalse();
        assertThat(feed.start(new Position(1, 5)))
                .as("what was applied is not unsaid")
                .isFalse();
        assertThat(feed.start(new Position(1, 6))).isTrue();
        assertThat(feed.heldBack()).as("of a state that is over").isZero();
    }

    @Test
    void ignoresTheAnswerToARangeOfAnEpochThatIsOver() {
        start(1, 0);
        offer(1, 2, 0);
        Missing range = feed.ask(500 * MILLI).orElseThrow();
        feed.committed(new Position(2, 1), feed.last(), 0);
        start(2, 0);
        feed.fill(range, 1, List.of(new Placed<>(1, "old")));
        assertThat(applied).isEmpty();
        assertThat(feed.last()).isEqualTo(new Position(2, 0));
    }

    @Test
    void keepsWhatArrivesBeforeItIsStarted() {
        assertThat(offer(1, 6, 0)).isEqualTo(Outcome.HELD);
        offer(1, 5, 0);
        offer(1, 8, 0);
        start(1, 5);
        assertThat(applied).containsExactly("1/6");
        assertThat(feed.ask(500 * MILLI)).contains(new Missing(1, 6, 7));
    }

    private void start(long epoch, long seq) {
        assertThat(feed.start(new Position(epoch, seq))).isTrue();
    }

    private Outcome offer(long epoch, long seq, long nowNanos) {
        return feed.offer(new Position(epoch, seq), "", nowNanos);
    }
}
