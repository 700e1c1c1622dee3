package dev.rookery.gateway.publish;

import dev.rookery.event.Event;
import dev.rookery.link.LinkFrame.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An event with a good signature that waits for its verdict, and everyone who has sent it meanwhile. Thread-safe.
final class PendingEvent {

    /// Whoever waits so many times as long as for a first question is late, however many verdicts come by themselves.
    private static final int LATE = 4;

    private final Event event;
    private final long at;
    private List<Sender> senders;
    private @Nullable Question logged;
    private long loggedAt;
    private long firstAskAfter;
    private long askAt;
    private long askAfter;
    private boolean asked;
    private boolean settled;

    PendingEvent(Submission first) {
        event = first.event();
        at = first.at();
        senders = List.of(first.sender());
    }

    Event event() {
        return event;
    }

    /// When the first of its senders sent it.
    long at() {
        return at;
    }

    /// Whether it is the same to the last byte, so that the signature is known to be good.
    boolean isSame(Event other) {
        return Arrays.equals(event.json(), other.json());
    }

    /// False when the verdict has been given meanwhile.
    synchronized boolean join(Sender sender) {
        if (settled) {
            return false;
        }
        if (senders.size() == 1) {
            senders = new ArrayList<>(senders);
        }
        senders.add(sender);
        return true;
    }

    /// The broker has acknowledged it at this place.
    ///
    /// @param firstAskAfter in nanoseconds
    synchronized void logged(Question place, long now, long firstAskAfter) {
        logged = place;
        loggedAt = now;
        this.firstAskAfter = firstAskAfter;
        askAfter = firstAskAfter;
    }

    /// Where the log has it; null before the broker has acknowledged it.
    synchronized @Nullable Question place() {
        return logged;
    }

    /// The question for its status, if it is time for it; each time the wait until the next one doubles.
    ///
    /// @param urgently whether the first question is due at once, because no verdict can be expected to come by
    ///     itself
    synchronized @Nullable Question due(long now, boolean urgently, HeardVerdicts heard) {
        Question place = logged;
        if (place == null || settled) {
            return null;
        }
        boolean isDue = asked ? now - askAt >= 0 : urgently || heard.isOverlooked(place, loggedAt, now, askAfter);
        if (!isDue) {
            return null;
        }
        asked = true;
        askAfter *= 2;
        askAt = now + askAfter;
        return place;
    }

    /// The question that shows how far its lane is behind; null while it has not waited for long.
    synchronized @Nullable Question late(long now) {
        return logged == null || settled || now - loggedAt < LATE * firstAskAfter ? null : logged;
    }

    synchronized boolean isOverdue(long now, long bound) {
        return logged != null && now - loggedAt > bound;
    }

    /// Everyone who is to be told, the first time; from then on nobody.
    synchronized List<Sender> settle() {
        List<Sender> told = settled ? List.of() : senders;
        settled = true;
        senders = List.of();
        return told;
    }
}
