package dev.rookery.gateway.publish;

import dev.rookery.message.Verdict;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Puts events that were checked in parallel back into the order in which they came in, author by author.
///
/// Authors share a number of lines by their key. What is checked waits for whatever is before it in its line; whoever
/// checks the first one hands on all that are checked behind it, one at a time. Thread-safe, and nobody waits.
final class AuthorOrder {

    private static final int LINES = 256;

    private final Line[] lines = new Line[LINES];
    private final Next next;

    /// What is to happen with checked events, one at a time of each author.
    @FunctionalInterface
    interface Next {

        /// Must not throw.
        ///
        /// @param refusal null for an event that may go on
        void checked(Submission submission, Verdict.@Nullable Refused refusal);
    }

    AuthorOrder(Next next) {
        this.next = next;
        Arrays.setAll(lines, i -> new Line());
    }

    /// Takes a place, which must be told what the check has found.
    Place enter(Submission submission) {
        Line line = lines[submission.event().pubkey().hashCode() & (LINES - 1)];
        Place place = new Place(submission, line);
        line.places.add(place);
        return place;
    }

    /// An event and where it stands.
    static final class Place {

        private final Submission submission;
        private final Line line;
        private Verdict.@Nullable Refused refusal;
        private volatile boolean checked;

        private Place(Submission submission, Line line) {
            this.submission = submission;
            this.line = line;
        }

        Submission submission() {
            return submission;
        }

        /// Its check is done. Hands on what has waited for it, too.
        void checked(Verdict.@Nullable Refused found) {
            refusal = found;
            checked = true;
            line.handOn();
        }
    }

    private final class Line {

        private final ConcurrentLinkedQueue<Place> places = new ConcurrentLinkedQueue<>();

        /// Calls that found another at work, which looks again for each of them.
        private final AtomicInteger calls = new AtomicInteger();

        private void handOn() {
            if (calls.getAndIncrement() > 0) {
                return;
            }
            int seen = 1;
            while (seen > 0) {
                for (Place first = places.peek(); first != null && first.checked; first = places.peek()) {
                    places.remove();
                    next.checked(first.submission, first.refusal);
                }
                seen = calls.addAndGet(-seen);
            }
        }
    }
}
