package dev.rookery.gateway.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.message.Verdict;
import dev.rookery.order.Decision;
import dev.rookery.signature.SchnorrSigner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class DecisionLagTests {

    private static final long BOUND = 10;

    private static final Sender NOBODY = new Sender() {
        @Override
        public AddressBlock address() {
            return AddressBlock.of(InetAddress.getLoopbackAddress());
        }

        @Override
        public void answered(Bytes32 id, Verdict verdict) {}
    };

    private final DecisionLag lag = new DecisionLag(BOUND);

    private static Question at(int lane, long offset) {
        Bytes32 id = Bytes32.parseHex("%064x".formatted(1_000 * lane + offset)).orElseThrow();
        return new Question(id, "nostr.index", lane, offset);
    }

    private void undecided(Question question, long now) {
        lag.told(question, Decision.UNDECIDED, now);
    }

    @Test
    void refusesALaneInWhichTheStoreHasSaidUndecidedOfOneEventForLongerThanTheBound() {
        undecided(at(3, 1), 0);
        undecided(at(3, 1), 10);
        assertThat(lag.refuses(3, 10)).isFalse();
        assertThat(lag.refuses(3, 100)).as("nobody has said so since").isFalse();
        undecided(at(3, 1), 11);
        assertThat(lag.refuses(3, 11)).isTrue();
        assertThat(lag.refuses(4, 11)).as("another lane").isFalse();
        assertThat(lag.refusing()).isOne();
        assertThat(lag.undecided()).containsExactly(at(3, 1));
        lag.told(at(3, 1), Decision.ACCEPTED, 12);
        assertThat(lag.refuses(3, 12)).isFalse();
        assertThat(lag.undecided()).isEmpty();
    }

    /// Each is decided, though later than its status is asked for the first time.
    @Test
    void refusesNothingWhileOneEventAfterAnotherIsUndecidedForAWhile() {
        for (int offset = 0; offset < 100; offset++) {
            undecided(at(3, offset), offset);
            assertThat(lag.undecided()).hasSize(1);
            Question first = lag.undecided().getFirst();
            if (offset % 8 == 7) {
                lag.told(first, Decision.ACCEPTED, offset);
            }
            assertThat(lag.refuses(3, offset)).isFalse();
        }
    }

    /// In a topic that was made again nobody will ever decide what stood at the old offset.
    @Test
    void letsOneEventInAtATimeAndGoesOnWhenThatIsDecided() {
        undecided(at(3, 1_000), 0);
        undecided(at(3, 1_000), 11);
        assertThat(lag.refuses(3, 21)).isTrue();
        assertThat(lag.wouldRefuse(3, 21)).isTrue();
        assertThat(lag.wouldRefuse(3, 22)).as("and lets none in").isFalse();
        assertThat(lag.refuses(3, 22)).as("one is let in").isFalse();
        assertThat(lag.refuses(3, 22)).isTrue();
        undecided(at(3, 1_000), 23);
        undecided(at(3, 1), 23);
        assertThat(lag.refuses(3, 32)).isTrue();
        assertThat(lag.refuses(3, 33)).as("another").isFalse();
        lag.inTime(3);
        assertThat(lag.refuses(3, 33)).isFalse();
    }

    @Test
    void hearsOfVerdictsThatComeByThemselves() {
        undecided(at(3, 1), 0);
        undecided(at(3, 1), 11);
        PendingEvents pending = new PendingEvents(event -> {});
        PublishMeters meters = new PublishMeters(new SimpleMeterRegistry());
        Decisions decisions = new Decisions(pending, new KnownIds(0), lag, meters, () -> 12);
        Event event = Event.of(new SchnorrSigner(at(0, 1).id().toBytes()), 1, 1, List.of(), "");
        PendingEvent waits = Objects.requireNonNull(pending.begin(new Submission(event, NOBODY, 12)));
        decisions.hear(event.id(), Decision.UNDECIDED, true);
        waits.logged(new Question(event.id(), "nostr.index", 3, 7), 12, 1);
        assertThat(lag.refusing()).isOne();
        decisions.hear(event.id(), Decision.SUPERSEDED, false);
        assertThat(lag.refusing()).isZero();
    }

    @Test
    void knowsNothingOnceTheStoreDoesNotAnswer() {
        undecided(at(3, 1), 0);
        undecided(at(3, 1), 11);
        undecided(at(4, 1), 11);
        lag.unknown();
        assertThat(lag.refuses(3, 12)).isFalse();
        undecided(at(3, 1), 12);
        undecided(at(3, 1), 22);
        assertThat(lag.refuses(3, 22)).as("counted from then on").isFalse();
        assertThat(lag.undecided()).containsExactly(at(3, 1));
    }
}
