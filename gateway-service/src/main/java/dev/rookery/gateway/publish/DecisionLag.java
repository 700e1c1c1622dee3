package dev.rookery.gateway.publish;

import dev.rookery.link.LinkFrame.Question;
import dev.rookery.order.Decision;
import dev.rookery.topics.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// How far decisions are behind what is logged, lane by lane, as far as this gateway can tell from the store's answers.
///
/// The first event of a lane that the store says is undecided is remembered, and asked for again though nobody waits
/// for it any more. When the store still says so after the bound, the lane takes nothing more, except for one event in
/// each further such time: if that one is decided as long as it is waited for, the lane goes on, whatever became of
/// the first. Where the store does not answer nothing is known, and nothing is refused. Thread-safe.
final class DecisionLag {

    private final long bound;
    private final AtomicReferenceArray<@Nullable Undecided> lanes = new AtomicReferenceArray<>(Topics.INDEX_PARTITIONS);

    /// @param since when the store said so first
    /// @param refusingFrom when it was found to be too long, or the last event was let in after that; null before
    private record Undecided(
            Question question, long since, @Nullable Long refusingFrom) {

        boolean refuses(long now, long bound) {
            return refusingFrom != null && now - refusingFrom <= bound;
        }
    }

    /// @param bound in nanoseconds
    DecisionLag(long bound) {
        this.bound = bound;
    }

    /// Whether an event of the lane would be refused, so that no work need be spent on it.
    boolean wouldRefuse(int lane, long now) {
        Undecided first = lanes.get(lane);
        return first != null && first.refuses(now, bound);
    }

    /// Whether an event of the lane that may otherwise be logged is to be refused. A false may be used up by asking.
    boolean refuses(int lane, long now) {
        Undecided first = lanes.get(lane);
        if (first == null || first.refusingFrom() == null) {
            return false;
        }
        return first.refuses(now, bound)
                || !lanes.compareAndSet(lane, first, new Undecided(first.question(), first.since(), now));
    }

    /// What the store says of a logged event.
    void told(Question question, Decision decision, long now) {
        int lane = question.partition();
        Undecided first = lanes.get(lane);
        if (decision != Decision.UNDECIDED) {
            if (first != null && first.question().equals(question)) {
                lanes.compareAndSet(lane, first, null);
            }
        } else if (first == null) {
            lanes.compareAndSet(lane, null, new Undecided(question, now, null));
        } else if (first.question().equals(question) && first.refusingFrom() == null && now - first.since() > bound) {
            lanes.compareAndSet(lane, first, new Undecided(question, first.since(), now));
        }
    }

    /// An event of the lane has been decided as long as it was waited for.
    void inTime(int lane) {
        if (lanes.get(lane) != null) {
            lanes.set(lane, null);
        }
    }

    /// The store does not answer: it may be the reason why nothing is decided.
    void unknown() {
        for (int lane = 0; lane < lanes.length(); lane++) {
            inTime(lane);
        }
    }

    /// The events to ask for again.
    List<Question> undecided() {
        List<Question> questions = new ArrayList<>();
        for (int lane = 0; lane < lanes.length(); lane++) {
            Undecided first = lanes.get(lane);
            if (first != null) {
                questions.add(first.question());
            }
        }
        return questions;
    }

    /// How many lanes take nothing more.
    int refusing() {
        int refusing = 0;
        for (int lane = 0; lane < lanes.length(); lane++) {
            Undecided first = lanes.get(lane);
            refusing += first != null && first.refusingFrom() != null ? 1 : 0;
        }
        return refusing;
    }
}
