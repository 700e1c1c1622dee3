package dev.rookery.indexer.outage;

import java.sql.SQLException;
import java.util.Set;

/// PostgreSQL or Kafka cannot be reached or cannot do anything at the moment. Says nothing about what was asked of
/// it.
public final class StoreUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// SQLSTATE: transaction timeout, query canceled.
    private static final Set<String> TIMEOUTS = Set.of("25P04", "57014");

    public StoreUnavailableException(String store, Throwable cause) {
        super(store + " is not available: " + cause.getMessage(), cause);
    }

    /// Whether PostgreSQL could be reached, and ended what it was asked because it took too long. Nothing was done.
    public boolean isOutOfTime() {
        return getCause() instanceof SQLException answer && TIMEOUTS.contains(answer.getSQLState());
    }
}
