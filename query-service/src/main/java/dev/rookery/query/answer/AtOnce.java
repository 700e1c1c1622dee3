package dev.rookery.query.answer;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// So many at a time, the others in the order in which they came. Keeps work that goes through much of the store from
/// taking all of its connections; and, as each step of it waits for a turn of its own, what is much from keeping what
/// is little waiting. Thread-safe.
final class AtOnce {

    private final int most;
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private final AtomicInteger beginning = new AtomicInteger();
    private int running;

    AtOnce(int most) {
        this.most = most;
    }

    /// The work, once it is its turn.
    <T> Mono<T> run(Mono<T> work) {
        return Mono.using(Turn::new, turn -> turn.begun.asMono().then(work), Turn::end);
    }

    private final class Turn {

        private final Sinks.Empty<Void> begun = Sinks.empty();

        Turn() {
            synchronized (AtOnce.this) {
                waiting.add(this);
            }
            beginNext();
        }

        void end() {
            synchronized (AtOnce.this) {
                if (!waiting.remove(this)) {
                    running--;
                }
            }
            beginNext();
        }
    }

    /// One after the other, also where work that begins ends at once.
    private void beginNext() {
        if (beginning.getAndIncrement() > 0) {
            return;
        }
        int begun = 1;
        do {
            for (Turn next = next(); next != null; next = next()) {
                next.begun.tryEmitEmpty();
            }
            begun = beginning.addAndGet(-begun);
        } while (begun != 0);
    }

    private synchronized @Nullable Turn next() {
        if (running == most || waiting.isEmpty()) {
            return null;
        }
        Turn next = waiting.iterator().next();
        waiting.remove(next);
        running++;
        return next;
    }
}
