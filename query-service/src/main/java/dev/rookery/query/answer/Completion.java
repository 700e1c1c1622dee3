package dev.rookery.query.answer;

import dev.rookery.event.Event;
import dev.rookery.link.LinkFrame.Completeness;
import dev.rookery.query.stored.QueryFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/// Whether an answer has brought all that there is (NIP-67), where somebody wants to know: found out when the answer
/// is over, by reading each filter that has reached its limit on to its next event. If one of these was not brought by
/// another filter either, there is more; if there are none, it was all.
///
/// All that decides on what is sent decides here too: rows, snapshot, expiry, vanishing, visibility. It takes a tenth
/// of the time at most that a page may take; beyond that it is not known.
final class Completion {

    private final boolean wanted;
    private final Duration patience;
    private List<FilterRun> runs = List.of();
    private boolean begun;
    private long end;
    private Completeness known = Completeness.UNKNOWN;

    Completion(boolean wanted, Duration patience) {
        this.wanted = wanted;
        this.patience = patience.dividedBy(10);
    }

    boolean isWanted() {
        return wanted;
    }

    /// Whether the answer is over and its filters are read on.
    boolean hasBegun() {
        return begun;
    }

    void begin(List<FilterRun> all) {
        begun = true;
        known = Completeness.FINISHED;
        end = System.nanoTime() + patience.toNanos();
        runs = List.copyOf(all);
        runs.forEach(FilterRun::wantOneMore);
    }

    /// Nothing more has to be looked at.
    boolean isSettled() {
        return !wanted || (begun && known != Completeness.FINISHED);
    }

    /// Whether the answer has brought it, for a filter that does not want it any more.
    boolean isSent(Event event) {
        return begun && runs.stream().anyMatch(run -> run.hasSent(event));
    }

    void found() {
        known = Completeness.MORE;
    }

    Completeness known() {
        return known;
    }

    /// A step on the way, which must not spoil an answer that is over.
    Mono<Piece> bounded(Mono<Piece> step) {
        if (!begun) {
            return step;
        }
        return step.timeout(Duration.ofNanos(Math.max(1, end - System.nanoTime())))
                .onErrorResume(
                        failure -> failure instanceof TimeoutException || failure instanceof QueryFailure,
                        failure -> Mono.fromSupplier(this::givenUp));
    }

    private Piece givenUp() {
        known = Completeness.UNKNOWN;
        return new Piece(List.of(), true);
    }
}
