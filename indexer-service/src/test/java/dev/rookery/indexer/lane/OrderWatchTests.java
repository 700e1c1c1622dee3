package dev.rookery.indexer.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.order.Position;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OrderWatchTests {

    private final HighestSeen highest = new HighestSeen();
    private final AtomicInteger doubts = new AtomicInteger();
    private final OrderWatch watch = new OrderWatch(highest, doubts::incrementAndGet);

    @Test
    void learnsWhatOthersGaveOut() {
        watch.ask(() -> new Position(1, 7));
        assertThat(highest.position()).isEqualTo(new Position(1, 7));
        watch.ask(() -> new Position(2, 3));
        assertThat(highest.position()).isEqualTo(new Position(2, 3));
        assertThat(doubts).hasValue(0);
    }

    @Test
    void noticesADatabaseThatHasGoneBack() {
        highest.saw(new Position(1, 7));
        watch.ask(() -> new Position(1, 6));
        assertThat(doubts).hasValue(1);
        assertThat(highest.position()).isEqualTo(new Position(1, 7));
    }

    /// Another thread decides while the database is asked, and its answer is not from after that.
    @Test
    void doubtsNothingForWhatIsSeenMeanwhile() {
        watch.ask(() -> {
            highest.saw(new Position(1, 7));
            return new Position(1, 6);
        });
        assertThat(doubts).hasValue(0);
    }

    /// What the database says is no reason not to look into the log for a later place.
    @Test
    void doesNotStandForTheLog() {
        watch.ask(() -> new Position(1, 7));
        assertThat(highest.hasReadLog()).isFalse();
        highest.readLog(new Position(1, 9));
        assertThat(highest.hasReadLog()).isTrue();
        assertThat(highest.position()).isEqualTo(new Position(1, 9));
    }
}
