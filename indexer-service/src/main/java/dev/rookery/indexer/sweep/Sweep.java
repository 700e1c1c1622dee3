package dev.rookery.indexer.sweep;

import dev.rookery.indexer.postgres.PostgresSession;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;

/// Takes out of the store what nobody is shown any more: the events of who has vanished, what has expired, and tags
/// that were too many to go with their events. It only tidies up; whoever reads leaves those out by themselves.
///
/// In chunks, each a transaction of its own, and for a part of the time only, so that it is in nobody's way.
final class Sweep {

    private static final String VANISHED = "select events.sweep_vanished(?)";
    private static final String EXPIRED = "select events.sweep_expired(?)";
    private static final String TAGS = "select events.sweep_tags(?)";
    private static final int CHUNK = 500;

    /// Of events with as many tags as may be.
    private static final int TAGGED_CHUNK = 20;
    private static final long LONGEST_NANOS = Duration.ofMillis(500).toNanos();

    private final PostgresSession session;
    private final Counter vanished;
    private final Counter expired;

    /// @param session the housekeeping thread's
    Sweep(PostgresSession session, MeterRegistry meters) {
        this.session = session;
        vanished = meters.counter("rookery.indexer.swept", "reason", "vanished");
        expired = meters.counter("rookery.indexer.swept", "reason", "expired");
    }

    void run() {
        long end = System.nanoTime() + LONGEST_NANOS;
        boolean more = true;
        while (more && System.nanoTime() - end < 0) {
            int ofVanished = chunk(VANISHED, CHUNK);
            int ofExpired = chunk(EXPIRED, CHUNK);
            int ofTagged = chunk(TAGS, TAGGED_CHUNK);
            vanished.increment(Math.max(0, ofVanished));
            expired.increment(ofExpired);
            more = ofVanished >= 0 || ofExpired > 0 || ofTagged > 0;
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
