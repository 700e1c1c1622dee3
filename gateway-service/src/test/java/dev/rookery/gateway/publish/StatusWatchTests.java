package dev.rookery.gateway.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.position.Reached;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.link.LinkFrame.Statuses;
import dev.rookery.message.Verdict;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import dev.rookery.order.VerdictBatch;
import dev.rookery.signature.SchnorrSigner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is asked for while verdicts come by themselves, with a clock of its own. Nothing is decided.
@Timeout(10)
class StatusWatchTests {

    private static final PublishProperties PROPERTIES = new PublishProperties(
            1, 1, 1, Duration.ofHours(1), Duration.ofMillis(100), Duration.ofMillis(50), 1, Duration.ofHours(1), 1);

    private static final Sender NOBODY = new Sender() {
        @Override
        public AddressBlock address() {
            return AddressBlock.of(InetAddress.getLoopbackAddress());
        }

        @Override
        public void answered(Bytes32 id, Verdict verdict) {}
    };

    private static final VerdictSource CONNECTED = new VerdictSource() {
        @Override
        public void start(Consumer<VerdictBatch> decided) {}

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public void close() {}
    };

    private final List<Question> asked = new ArrayList<>();
    private final PendingEvents pending = new PendingEvents(event -> {});
    private long now;
    private boolean answers = true;
    private final StatusWatch watch = new StatusWatch(
            PROPERTIES,
            new PublishParts.Deciding(new Reached(), this::undecided, CONNECTED),
            new Decisions(
                    pending,
                    new KnownIds(0),
                    new DecisionLag(Duration.ofHours(1).toNanos()),
                    new PublishMeters(new SimpleMeterRegistry()),
                    () -> now),
            new Provisional(1));

    private CompletableFuture<Statuses> undecided(Position atLeast, List<Question> questions) {
        asked.addAll(questions);
        if (!answers) {
            return new CompletableFuture<>();
        }
        return CompletableFuture.completedFuture(
                new Statuses(1, new Position(1, 1), Collections.nCopies(questions.size(), Decision.UNDECIDED)));
    }

    @AfterEach
    void close() {
        watch.close();
    }

    private static Question at(int lane, long offset) {
        Bytes32 id = Bytes32.parseHex("%064x".formatted(1_000 * lane + offset)).orElseThrow();
        return new Question(id, "nostr.index", lane, offset);
    }

    private void log(Question place) {
        Event note = Event.of(new SchnorrSigner(place.id().toBytes()), 1, 1, List.of(), "");
        Objects.requireNonNull(pending.begin(new Submission(note, NOBODY, now)))
                .logged(place, now, PROPERTIES.statusAfter().toNanos());
    }

    /// The lanes that were asked about at that time, while verdicts of lanes 3 and 4 keep coming.
    private List<Integer> lanesAskedAt(long millis) {
        now = Duration.ofMillis(millis).toNanos();
        pending.heard().heard(at(3, 0), now);
        pending.heard().heard(at(4, 0), now);
        asked.clear();
        watch.tick();
        return asked.stream().map(Question::partition).sorted().toList();
    }

    @Test
    void asksAboutOneLateEventOfEachLaneTwiceASecondWhileVerdictsCome() {
        lanesAskedAt(1_000);
        for (int offset = 1; offset <= 3; offset++) {
            log(at(3, offset));
        }
        log(at(4, 1));
        assertThat(lanesAskedAt(1_200)).as("soon").isEmpty();
        assertThat(lanesAskedAt(1_399)).as("not late yet").isEmpty();
        assertThat(lanesAskedAt(1_500)).as("late").containsExactly(3, 4);
        assertThat(lanesAskedAt(1_999)).isEmpty();
        assertThat(lanesAskedAt(2_000)).containsExactly(3, 4);
    }

    @Test
    void asksOnThoughSomeQuestionsAreNeverAnswered() {
        lanesAskedAt(1_000);
        log(at(3, 1));
        answers = false;
        for (int millis = 1_500; millis < 3_500; millis += 500) {
            assertThat(lanesAskedAt(millis)).containsExactly(3);
        }
        assertThat(lanesAskedAt(3_500)).as("as many as may be under way").isEmpty();
        assertThat(lanesAskedAt(21_400)).isEmpty();
        assertThat(lanesAskedAt(21_500)).containsExactly(3);
    }
}
