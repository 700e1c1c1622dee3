package dev.rookery.indexer.sweep;

import dev.rookery.indexer.outage.ChunkSize;
import dev.rookery.indexer.outage.StoreRefusedException;
import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.indexer.postgres.PostgresSession;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/// Takes out of the store what nobody is shown any more: the events of who has vanished, what has expired, and tags
/// that were too many to go with their events. It only tidies up; whoever reads leaves those out by themselves.
///
/// In chunks, each a transaction of its own, and for a part of the time only, so that it is in nobody's way.
final class Sweep {

    private static final int CHUNK = 500;

    /// Of events with as many tags as may be.
    private static final int TAGGED_CHUNK = 20;
    private static final long LONGEST_NANOS = Duration.ofMillis(500).toNanos();

    private final PostgresSession session;
    private final List<Part> parts;

    /// @param session the housekeeping thread's
    Sweep(PostgresSession session, MeterRegistry meters) {
        this.session = session;
        parts = List.of(
                new Part("select events.sweep_vanished(?)", 0, new ChunkSize(CHUNK), swept(meters, "vanished")),
                new Part("select events.sweep_expired(?)", 1, new ChunkSize(CHUNK), swept(meters, "expired")),
                new Part("select events.sweep_tags(?)", 1, new ChunkSize(TAGGED_CHUNK), ignored -> {}));
    }

    private static IntConsumer swept(MeterRegistry meters, String reason) {
        return meters.counter("rookery.indexer.swept", "reason", reason)::increment;
    }

    /// One kind of what is to go.
    ///
    /// @param more the least answer after which there may be more
    /// @param swept told how many went
    private record Part(String function, int more, ChunkSize size, IntConsumer swept) {}

    /// Each part is tried, whatever becomes of the others.
    ///
    /// @throws StoreUnavailableException of the first that failed
    void run() {
        long end = System.nanoTime() + LONGEST_NANOS;
        List<Part> left = new ArrayList<>(parts);
        List<RuntimeException> failures = new ArrayList<>();
        do {
            left.removeIf(part -> !mayHaveMore(part, failures));
        } while (!left.isEmpty() && System.nanoTime() - end < 0);
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private boolean mayHaveMore(Part part, List<RuntimeException> failures) {
        try {
            int answer = part.size().ask(size -> chunk(part.function(), size));
            part.swept().accept(Math.max(0, answer));
            return answer >= part.more();
        } catch (StoreUnavailableException | StoreRefusedException failure) {
            failures.add(failure);
            return false;
        }
    }

    /// How many went; below zero when there is nothing to look for.
    private int chunk(String function, int size) {
        return session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(function)) {
                statement.setInt(1, size);
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                    return result.getInt(1);
                }
            }
        });
    }
}
