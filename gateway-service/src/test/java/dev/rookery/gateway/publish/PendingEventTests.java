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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When an event's status is asked for. It is logged at the time 0, and asked for after 10.
@Timeout(10)
class PendingEventTests {

    private static final long ASK_AFTER = 10;

    private static final Sender NOBODY = new Sender() {
        @Override
        public AddressBlock address() {
            return AddressBlock.of(InetAddress.getLoopbackAddress());
        }

        @Override
        public void answered(Bytes32 id, Verdict verdict) {}
    };

    private final List<String> told = new ArrayList<>();
    private final PendingEvents pending = new PendingEvents(event -> told.add("not new"));
    private final HeardVerdicts heard = pending.heard();
    private final PendingEvent event = logged(at(3, 5));

    private PendingEvent logged(Question place) {
        Event note = Event.of(new SchnorrSigner(place.id().toBytes()), 1, 1, List.of(), "");
        PendingEvent begun = new PendingEvent(new Submission(note, NOBODY, 0));
        begun.logged(place, 0, ASK_AFTER);
        return begun;
    }

    private static Question at(int lane, long offset) {
        Bytes32 id = Bytes32.parseHex("%064x".formatted(1_000 * lane + offset)).orElseThrow();
        return new Question(id, "nostr.index", lane, offset);
    }

    private @Nullable Question due(long now) {
        return event.due(now, false, heard);
    }

    @Test
    void isAskedForWhenNothingHasComeByItselfAndThenAfterTwiceTheWaitEachTime() {
        assertThat(due(9)).isNull();
        assertThat(due(10)).isEqualTo(at(3, 5));
        assertThat(due(29)).isNull();
        assertThat(due(30)).isEqualTo(at(3, 5));
        assertThat(due(69)).isNull();
        assertThat(due(70)).isEqualTo(at(3, 5));
    }

    @Test
    void isAskedForAtOnceAndOnceWhenNothingCanComeByItself() {
        assertThat(event.due(1, true, heard)).isEqualTo(at(3, 5));
        assertThat(event.due(20, true, heard)).isNull();
        assertThat(event.due(21, true, heard)).isEqualTo(at(3, 5));
    }

    @Test
    void isNotAskedForWhileEarlierOnesOfItsLaneCome() {
        heard.heard(at(3, 2), 8);
        assertThat(due(17)).isNull();
        heard.heard(at(3, 4), 16);
        assertThat(due(25)).isNull();
        assertThat(due(26)).isEqualTo(at(3, 5));
    }

    @Test
    void isAskedForLaterWhenOnlyOtherLanesHearOfTheirs() {
        for (int now = 0; now < 40; now++) {
            heard.heard(at(4, 100 + now), now);
            assertThat(due(now)).as("at %s", now).isNull();
        }
        heard.heard(at(4, 140), 40);
        assertThat(due(40)).isEqualTo(at(3, 5));
    }

    @Test
    void isNotAskedForSoonerForWhatCameBeforeItWasLogged() {
        heard.heard(at(3, 4), -5);
        assertThat(due(9)).isNull();
        assertThat(due(10)).isEqualTo(at(3, 5));
    }

    @Test
    void isAskedForAtOnceWhenOneBehindItHasCome() {
        heard.heard(at(3, 6), 1);
        assertThat(due(1)).isEqualTo(at(3, 5));
        heard.heard(at(3, 7), 2);
        assertThat(due(2)).as("asked already").isNull();
    }

    /// Its offsets begin anew, below those of the former one.
    @Test
    void isNotAskedForAtOnceInATopicThatWasMadeAgain() {
        heard.heard(at(3, 1_000), -1);
        heard.heard(at(3, 1), 1);
        assertThat(due(10)).isNull();
        assertThat(due(11)).isEqualTo(at(3, 5));
    }

    @Test
    void isLateAfterFourWaitsHoweverManyOfItsLaneCome() {
        for (int now = 0; now < 40; now++) {
            heard.heard(at(3, 0), now);
            assertThat(due(now)).as("at %s", now).isNull();
            assertThat(event.late(now)).as("at %s", now).isNull();
        }
        heard.heard(at(3, 0), 40);
        assertThat(due(40)).isNull();
        assertThat(event.late(40)).isEqualTo(at(3, 5));
        assertThat(event.settle()).containsExactly(NOBODY);
        assertThat(event.settle()).isEmpty();
        assertThat(event.late(41)).isNull();
    }

    /// What is given back before an answer can be used by whoever hears it.
    @Test
    void countsAsNotNewUnlessItIsPlainlyAcceptedOnceAndBeforeItsSendersAreTold() {
        Sender sender = new Sender() {
            @Override
            public AddressBlock address() {
                return NOBODY.address();
            }

            @Override
            public void answered(Bytes32 id, Verdict verdict) {
                told.add(verdict.message());
            }
        };
        List<Verdict> verdicts = new ArrayList<>(List.of(Verdicts.LOGGED, Verdicts.NOT_DECIDED, Verdicts.NOT_LOGGED));
        for (Decision decision : Decision.values()) {
            verdicts.add(Verdicts.of(decision));
        }
        for (Verdict verdict : verdicts) {
            told.clear();
            PendingEvent begun = Objects.requireNonNull(pending.begin(new Submission(event.event(), sender, 0)));
            pending.settle(begun, verdict);
            pending.settle(begun, Verdicts.NOT_DECIDED);
            boolean isNew = verdict.equals(Verdicts.of(Decision.ACCEPTED));
            assertThat(told).isEqualTo(isNew ? List.of("") : List.of("not new", verdict.message()));
        }
    }

    /// An answer says what has become of its own event, not of those that went before.
    @Test
    void countsAsHeardOnlyWhatComesByItself() {
        Decisions decisions = new Decisions(
                pending, new KnownIds(0), new DecisionLag(10), new PublishMeters(new SimpleMeterRegistry()), () -> 1);
        for (boolean asked : List.of(true, false)) {
            Event later = Event.of(new SchnorrSigner(at(0, 1).id().toBytes()), 1, 1, List.of(), "later, " + asked);
            Objects.requireNonNull(pending.begin(new Submission(later, NOBODY, 0)))
                    .logged(at(3, 6), 0, ASK_AFTER);
            decisions.hear(later.id(), Decision.ACCEPTED, asked);
            assertThat(due(1)).isEqualTo(asked ? null : at(3, 5));
        }
    }
}
