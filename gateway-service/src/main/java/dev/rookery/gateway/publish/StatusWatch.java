package dev.rookery.gateway.publish;

import dev.rookery.gateway.link.LinkFailure;
import dev.rookery.gateway.position.Reached;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.link.LinkFrame.Statuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks for verdicts that do not come by themselves, because Redis is gone or has lost them, and answers what stays
/// without one beyond the bound.
///
/// An event that the log has but nobody has decided in time is answered `error:`, unless the database is known to be
/// down: then `true` with `info:`, for as many as are allowed. How long the store says of one event that it is
/// undecided shows how far decisions are behind.
final class StatusWatch implements AutoCloseable {

    private static final int MOST_QUESTIONS = 1000;
    private static final int MOST_OPEN = 4;

    /// An answer that takes longer does not come.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    /// Between two questions whether the store is there again, where nothing else asks.
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final Logger log = LoggerFactory.getLogger(StatusWatch.class);

    private final PendingEvents pending;
    private final Provisional provisional;
    private final PublishMeters meters;
    private final Decisions decisions;
    private final PublishParts.Deciding deciding;
    private final Reached reached;
    private final LongSupplier nanos;
    private final long bound;
    private final long everyNanos;
    /// When each question that is under way was put.
    private final Map<Object, Long> open = new ConcurrentHashMap<>();

    private final DecisionLag lag;
    private long probedAt;
    private long lagAskedAt;
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("gateway-statuses").factory());

    /// @param decisions whoever waits there is watched
    StatusWatch(
            PublishProperties properties,
            PublishParts.Deciding deciding,
            Decisions decisions,
            Provisional provisional) {
        this.decisions = decisions;
        this.pending = decisions.pending();
        this.meters = decisions.meters();
        this.nanos = decisions.nanos();
        this.lag = decisions.lag();
        this.provisional = provisional;
        this.deciding = deciding;
        this.reached = deciding.reached();
        this.bound = properties.verdictWithin().toNanos();
        this.everyNanos = properties.statusEvery().toNanos();
    }

    void start() {
        var _ = ticks.scheduleWithFixedDelay(this::tick, everyNanos, everyNanos, TimeUnit.NANOSECONDS);
    }

    /// Asks what is due to be asked, after answering what has waited too long.
    void tick() {
        try {
            long now = nanos.getAsLong();
            forgetUnanswered(now);
            boolean urgently = !deciding.verdicts().isConnected();
            List<Question> due = lagging(now);
            for (PendingEvent event : pending.all()) {
                if (event.isOverdue(now, bound)) {
                    giveUp(event);
                } else if (open.size() < MOST_OPEN && due.size() < MOST_QUESTIONS) {
                    add(due, event.due(now, urgently, pending.heard()));
                }
            }
            if (!due.isEmpty() || isProbeDue(now)) {
                probedAt = now;
                ask(due);
            }
        } catch (RuntimeException | Error ours) {
            // Thrown on, it would have been the last tick.
            log.error("statuses could not be asked for", ours);
        }
    }

    /// What says how far decisions are behind, every now and then: one event of each lane that may be.
    private List<Question> lagging(long now) {
        if (open.size() >= MOST_OPEN || now - lagAskedAt < PROBE_NANOS) {
            return new ArrayList<>();
        }
        lagAskedAt = now;
        List<Question> questions = lag.undecided();
        Set<Integer> lanes = questions.stream().map(Question::partition).collect(Collectors.toSet());
        for (PendingEvent event : pending.all()) {
            Question late = event.late(now);
            if (late != null && lanes.add(late.partition())) {
                questions.add(late);
            }
        }
        return questions;
    }

    /// Once so much has been answered provisionally that nothing more is logged, nothing is left to ask about: without
    /// a question about nothing, nobody would notice that the store is back.
    private boolean isProbeDue(long now) {
        return provisional.isExhausted() && open.isEmpty() && now - probedAt >= PROBE_NANOS;
    }

    private static void add(List<Question> due, @Nullable Question question) {
        if (question != null) {
            due.add(question);
        }
    }

    private void giveUp(PendingEvent event) {
        if (provisional.give()) {
            meters.provisional();
            pending.settle(event, Verdicts.LOGGED);
        } else {
            meters.refused("verdict", Verdicts.NOT_DECIDED);
            pending.settle(event, Verdicts.NOT_DECIDED);
        }
    }

    private void ask(List<Question> questions) {
        meters.asked(questions.size());
        Object question = new Object();
        open.put(question, nanos.getAsLong());
        var _ = deciding.statuses().ask(reached.get(), questions).whenComplete((statuses, failure) -> {
            open.remove(question);
            if (statuses != null) {
                answered(questions, statuses);
            } else {
                failed(failure);
            }
        });
    }

    private void forgetUnanswered(long now) {
        if (open.values().removeIf(asked -> now - asked >= PATIENCE_NANOS)) {
            failed(new TimeoutException("a status was never answered"));
        }
    }

    private void answered(List<Question> questions, Statuses statuses) {
        provisional.storeAnswers();
        if (statuses.decisions().size() != questions.size()) {
            log.error("{} statuses for {} questions", statuses.decisions().size(), questions.size());
            return;
        }
        if (!reached.believe(statuses.at())) {
            meters.ignored();
            return;
        }
        long now = nanos.getAsLong();
        for (int i = 0; i < questions.size(); i++) {
            lag.told(questions.get(i), statuses.decisions().get(i), now);
            decisions.hear(questions.get(i).id(), statuses.decisions().get(i), true);
        }
    }

    private void failed(Throwable failure) {
        meters.askFailed();
        lag.unknown();
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof LinkFailure known && known.failure() == Failure.UNAVAILABLE) {
            provisional.storeIsDown();
        } else {
            provisional.storeIsUnheard();
        }
    }

    @Override
    public void close() {
        ticks.shutdownNow();
    }
}
