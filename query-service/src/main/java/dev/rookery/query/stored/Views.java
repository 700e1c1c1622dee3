package dev.rookery.query.stored;

import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.order.Position;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// The primary and its replicas as one: who asks says how new the answer has to be. Thread-safe.
///
/// A replica that does not answer is passed over until it does. A server that is gone without a word lets everyone
/// wait who asks it, so after the first of them only `probes` do.
public final class Views {

    /// Between two looks at a view that is behind.
    private static final Duration PAUSE = Duration.ofMillis(4);

    /// Between two probes of a replica that does not answer.
    private static final Duration PROBE = Duration.ofSeconds(1);

    private static final Set<Failure> PASSED_ON = EnumSet.of(Failure.BEHIND, Failure.UNAVAILABLE, Failure.OVERLOADED);

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
        StoredView view = reader();
        Mono<First<T>> answer = waiting(view, atLeast, call);
        return view == primary
                ? answer
                : answer.onErrorResume(Views::isPassedOn, behind -> once(primary, atLeast, call));
    }

    /// A further reading for an answer: from the same epoch, at or after its snapshot. What it finds with a `seq`
    /// beyond the snapshot is not part of the answer.
    public <T> Mono<T> further(Snapshot snapshot, Call<T> call) {
        StoredView view = snapshot.view().isFailing() ? primary : snapshot.view();
        Mono<T> same = further(view, snapshot.at(), call);
        return view == primary
                ? same
                : same.onErrorResume(Views::isPassedOn, behind -> further(primary, snapshot.at(), call));
    }

    /// An answer that stands alone, right in any epoch, from the primary and nobody else; if that has not reached
    /// `atLeast`, it is `BEHIND`. A replica, however little behind, would not know of what has just been decided.
    public <T> Mono<Read<T>> settled(Position atLeast, Call<T> call) {
        return primary.askAnyEpoch(call)
                .filter(read -> !atLeast.isAfter(read.at()))
                .switchIfEmpty(behind(atLeast));
    }

    /// How far the view is that answers first; fails when none does, because its server is gone or because the lanes
    /// still repeat what a database that went back has lost. All are asked at once, for one may say nothing.
    public Mono<Position> reached() {
        return Mono.firstWithValue(Stream.concat(Stream.of(primary), replicas())
                .map(view -> view.ask(Calls.position()).map(Read::at))
                .toList());
    }

    /// Asks each replica that does not answer whether it does again, for as long as this is subscribed to.
    public Flux<Void> probes() {
        return Flux.fromStream(this::replicas)
                .flatMap(
                        view -> Mono.delay(PROBE)
                                .filter(tick -> view.isFailing())
                                .flatMap(tick -> view.askAnyEpoch(Calls.position()))
                                .onErrorComplete()
                                .repeat(),
                        Math.max(1, readers.size()))
                .thenMany(Flux.empty());
    }

    private Stream<StoredView> replicas() {
        return readers.stream().filter(view -> view != primary);
    }

    /// Whose turn it is among those that answer, or else the primary.
    private StoredView reader() {
        for (int tried = 0; tried < readers.size(); tried++) {
            StoredView view = readers.get(Math.floorMod(turn.getAndIncrement(), readers.size()));
            if (!view.isFailing()) {
                return view;
            }
        }
        return primary;
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

    /// A replica that is behind, gone or asked too much is no reason to refuse.
    private static boolean isPassedOn(Throwable failure) {
        return failure instanceof QueryFailure known && PASSED_ON.contains(known.failure());
    }
}
