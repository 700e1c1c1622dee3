package dev.rookery.gateway.publish;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.message.Verdict;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Events between their signature and their verdict, by id, and how far verdicts have come. Thread-safe.
final class PendingEvents {

    private final ConcurrentHashMap<Bytes32, PendingEvent> byId = new ConcurrentHashMap<>();
    private final HeardVerdicts heard = new HeardVerdicts();
    private final Consumer<Event> notNew;

    /// @param notNew told of each event that is settled without having become stored by it, before its senders are
    PendingEvents(Consumer<Event> notNew) {
        this.notNew = notNew;
    }

    /// Joins an event that is pending with the same signature. One with another signature must prove it first, or
    /// whoever sends a bad one first could have a good one refused, and the other way round.
    boolean joinSame(Event event, Sender sender) {
        PendingEvent pending = byId.get(event.id());
        return pending != null && pending.isSame(event) && pending.join(sender);
    }

    /// Begins to wait, or joins whoever waits already.
    ///
    /// @return what is to be logged now; null when it is already on its way
    @Nullable
    PendingEvent begin(Submission submission) {
        PendingEvent begun = new PendingEvent(submission);
        while (true) {
            PendingEvent known = byId.putIfAbsent(submission.event().id(), begun);
            if (known == null) {
                return begun;
            }
            if (known.join(submission.sender())) {
                return null;
            }
            byId.remove(submission.event().id(), known);
        }
    }

    @Nullable
    PendingEvent get(Bytes32 id) {
        return byId.get(id);
    }

    void settle(PendingEvent pending, Verdict verdict) {
        byId.remove(pending.event().id(), pending);
        List<Sender> senders = pending.settle();
        if (!senders.isEmpty() && !verdict.equals(Verdict.stored())) {
            notNew.accept(pending.event());
        }
        senders.forEach(sender -> sender.answered(pending.event().id(), verdict));
    }

    HeardVerdicts heard() {
        return heard;
    }

    Collection<PendingEvent> all() {
        return byId.values();
    }

    int size() {
        return (int) byId.mappingCount();
    }
}
