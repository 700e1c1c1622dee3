package dev.rookery.query.stored;

import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.order.Position;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/// The primary and its replicas as one: who asks says how new the answer has to be. Thread-safe.
public final class Views {

    /// Between two looks at a view that is behind.
    private static final Duration PAUSE = Duration.ofMillis(4);

    private final StoredView primary;
    private final List<StoredView> readers;
    private final Duration patience;
    private final AtomicInteger turn = new AtomicInteger();

    /// @param replicas asked in turn, and spared the primary, as long as they are new enough
    /// @param patience how long a view that is behind is waited for
    public Views(StoredView primary, List<StoredView> replicas, Duration patience) {
        this.primary = primary;
        this.readers = replicas.isEmpty() ? List.of(primary) : List.copyOf(replicas);
        this.patience = patience;
    }

    /// What an answer is read from, and the position it tells.
    public record Snapshot(StoredView view, Position at) {}

    public record First<T>(Snapshot snapshot, T value) {}

    /// The first reading of an answer, which decides its snapshot. A view that has not reached `atLeast` is waited for,
    /// then the primary is asked; if that is behind too, it is `BEHIND`.
    public <T> Mono<First<T>> first(Position atLeast, Call<T> call) {
        StoredView view = readers.get(Math.floorMod(turn.getAndIncrement(), readers.size()));
        Mono<First<T>> answer = waiting(view, atLeast, call);
        return view == primary
                ? answer
                : answer.onErrorResume(Views::isPassedOn, behind -> once(primary, atLeast, call));
    }

    /// A further reading for an answer: from the same epoch, at or after its snapshot. What it finds with a `seq`
    /// beyond the snapshot is not part of the answer.
    public <T> Mono<T> further(Snapshot snapshot, Call<T> call) {
        Mono<T> same = further(snapshot.view(), snapshot.at(), call);
        return snapshot.view() == primary
                ? same
                : same.onErrorResume(Views::isPassedOn, behind -> further(primary, snapshot.at(), call));
    }

    /// An answer that stands alone, right in any epoch, from a view that has reached `atLeast`.
    public <T> Mono<Read<T>> settled(Position atLeast, Call<T> call) {
        return primary.askAnyEpoch(call)
                .filter(read -> !atLeast.isAfter(read.at()))
                .switchIfEmpty(behind(atLeast));
    }

    /// How far the first view is that can answer now; fails when none can, because its server is gone or because the
    /// lanes still repeat what a database that went back has lost.
    public Mono<Position> reached() {
        Mono<Position> answer = position(primary);
        for (StoredView view : readers) {
            answer = view == primary ? answer : answer.onErrorResume(gone -> position(view));
        }
        return answer;
    }

    private static Mono<Position> position(StoredView view) {
        return view.ask(Calls.position()).map(Read::at);
    }

    private <T> Mono<First<T>> waiting(StoredView view, Position atLeast, Call<T> call) {
        return once(view, atLeast, call)
                .onErrorResume(
                        Views::isBehind, behind -> caughtUp(view, atLeast).then(once(view, atLeast, call)));
    }

    /// Completes when the view is new enough, or when patience ends.
    private Mono<Void> caughtUp(StoredView view, Position atLeast) {
        return Mono.delay(PAUSE)
                .then(view.ask(Calls.position()))
                .repeat()
                .takeUntil(read -> !atLeast.isAfter(read.at()))
                .take(patience)
                .then();
    }

    private static <T> Mono<First<T>> once(StoredView view, Position atLeast, Call<T> call) {
        return view.ask(call)
                .filter(read -> !atLeast.isAfter(read.at()))
                .map(read -> new First<>(new Snapshot(view, read.at()), read.value()))
                .switchIfEmpty(behind(atLeast));
    }

    private static <T> Mono<T> further(StoredView view, Position snapshot, Call<T> call) {
        return view.ask(call)
                .filter(read ->
                        read.at().epoch() == snapshot.epoch() && read.at().seq() >= snapshot.seq())
                .map(Read::value)
                .switchIfEmpty(behind(snapshot));
    }

    private static <T> Mono<T> behind(Position atLeast) {
        return Mono.error(() -> new QueryFailure(Failure.BEHIND, "no view has reached " + atLeast));
    }

    private static boolean isBehind(Throwable failure) {
        return failure instanceof QueryFailure known && known.failure() == Failure.BEHIND;
    }

    /// A replica that is behind or gone is no reason to refuse.
    private static boolean isPassedOn(Throwable failure) {
        return isBehind(failure) || (failure instanceof QueryFailure known && known.failure() == Failure.UNAVAILABLE);
    }
}
