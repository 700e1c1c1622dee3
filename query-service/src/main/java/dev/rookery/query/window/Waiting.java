package dev.rookery.query.window;

import dev.rookery.order.Position;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/// Those who wait for a position to be reached. Thread-safe.
final class Waiting {

    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

    /// Not a record: two who wait for the same are not one.
    private static final class Waiter {

        private final Position position;
        private final MonoSink<Void> sink;

        Waiter(Position position, MonoSink<Void> sink) {
            this.position = position;
            this.sink = sink;
        }
    }

    Mono<Void> until(Position position, Supplier<Position> now) {
        return Mono.create(sink -> {
            Waiter waiter = new Waiter(position, sink);
            waiters.add(waiter);
            sink.onDispose(() -> waiters.remove(waiter));
            if (!position.isAfter(now.get())) {
                sink.success();
            }
        });
    }

    void passed(Position position) {
        if (waiters.isEmpty()) {
            return;
        }
        for (Waiter waiter : waiters) {
            if (!waiter.position.isAfter(position)) {
                waiter.sink.success();
            }
        }
    }
}
