package dev.rookery.query.answer;

import dev.rookery.order.Position;
import dev.rookery.query.stored.Call;
import dev.rookery.query.stored.Views;
import dev.rookery.query.stored.Views.First;
import dev.rookery.query.stored.Views.Snapshot;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// The questions of one answer: the first decides its snapshot, all others are asked of that or a later one. One after
/// the other, never at the same time.
final class Asking {

    private final Views views;
    private final Position atLeast;
    private final @Nullable AtOnce turns;
    private @Nullable Snapshot snapshot;

    Asking(Views views, Position atLeast) {
        this(views, atLeast, null);
    }

    /// @param turns one for each question, or null where nobody waits
    Asking(Views views, Position atLeast, @Nullable AtOnce turns) {
        this.views = views;
        this.atLeast = atLeast;
        this.turns = turns;
    }

    <T> Mono<T> ask(Call<T> call) {
        Mono<T> asked = Mono.defer(() -> {
            Snapshot known = snapshot;
            return known == null ? views.first(atLeast, call).map(this::begun) : views.further(known, call);
        });
        return turns == null ? asked : turns.run(asked);
    }

    boolean hasBegun() {
        return snapshot != null;
    }

    /// The position of the answer, once something was asked.
    Position at() {
        if (snapshot == null) {
            throw new IllegalStateException("nothing was asked yet");
        }
        return snapshot.at();
    }

    /// The highest `seq` that the next answer may hold: that of the snapshot, and any as long as there is none.
    long upTo() {
        return snapshot == null ? Long.MAX_VALUE : snapshot.at().seq();
    }

    private <T> T begun(First<T> first) {
        snapshot = first.snapshot();
        return first.value();
    }
}
