package dev.rookery.gateway.publish;

import dev.rookery.gateway.position.Reached;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.link.LinkFrame.Statuses;
import dev.rookery.message.Verdict;
import dev.rookery.order.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Events that are probably stored already. The store is asked, many at a time, before any work is done for them:
/// what it has is a `duplicate:`, and everything else goes the full way, as if nobody had guessed.
///
/// The signature of such an event is not checked. Its id is the hash of what it says, so what is stored under the id
/// says the same, with a signature that was checked when it came in: nothing that is sent with a bad one can get in
/// here, it is only told that its event is there. Thread-safe; never blocks.
final class KnownEvents {

    private static final int MOST_WAITING = 2_000;
    private static final int MOST_QUESTIONS = 500;

    private final KnownIds ids;
    private final PublishParts.Deciding deciding;
    private final Reached reached;
    private final PublishMeters meters;
    private final long patienceMillis;
    private final Consumer<Submission> fullWay;
    private final Queue<Submission> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean asking = new AtomicBoolean();

    /// @param patience how long an answer may take before all that is asked about goes the full way
    /// @param fullWay for what is not known after all; called on any thread
    KnownEvents(
            KnownIds ids,
            PublishParts.Deciding deciding,
            PublishMeters meters,
            Duration patience,
            Consumer<Submission> fullWay) {
        this.ids = ids;
        this.deciding = deciding;
        this.reached = deciding.reached();
        this.meters = meters;
        this.patienceMillis = patience.toMillis();
        this.fullWay = fullWay;
    }

    /// Whether it is seen to here. Otherwise it has to go the full way at once.
    boolean take(Submission submission) {
        if (!ids.mayHave(submission.event().id())) {
            return false;
        }
        if (size.incrementAndGet() > MOST_WAITING) {
            size.decrementAndGet();
            return false;
        }
        waiting.add(submission);
        ask();
        return true;
    }

    /// One question at a time, about all that has gathered meanwhile.
    private void ask() {
        while (!waiting.isEmpty() && asking.compareAndSet(false, true)) {
            List<Submission> batch = new ArrayList<>();
            for (Submission next = poll(); next != null; next = batch.size() < MOST_QUESTIONS ? poll() : null) {
                batch.add(next);
            }
            if (batch.isEmpty()) {
                asking.set(false);
            } else {
                ask(batch);
            }
        }
    }

    private @Nullable Submission poll() {
        Submission next = waiting.poll();
        if (next != null) {
            size.decrementAndGet();
        }
        return next;
    }

    private void ask(List<Submission> batch) {
        List<Question> questions = batch.stream()
                .map(submission -> Question.whetherStored(submission.event().id()))
                .toList();
        var _ = deciding.statuses()
                .ask(reached.get(), questions)
                .orTimeout(patienceMillis, TimeUnit.MILLISECONDS)
                .whenComplete((statuses, failure) -> {
                    asking.set(false);
                    answered(batch, statuses);
                    ask();
                });
    }

    private void answered(List<Submission> batch, @Nullable Statuses statuses) {
        List<Decision> told = statuses == null ? List.of() : believed(statuses);
        boolean isWhole = told.size() == batch.size();
        for (int i = 0; i < batch.size(); i++) {
            Submission submission = batch.get(i);
            if (isWhole && told.get(i) == Decision.DUPLICATE) {
                meters.known();
                submission.answer(Verdict.duplicate());
            } else {
                meters.notKnown();
                ids.remove(submission.event().id());
                fullWay.accept(submission);
            }
        }
    }

    private List<Decision> believed(Statuses statuses) {
        return reached.believe(statuses.at()) ? statuses.decisions() : List.of();
    }
}
