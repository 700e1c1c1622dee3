package dev.rookery.indexer.outage;

/// PostgreSQL or Kafka cannot be reached or cannot do anything at the moment. Says nothing about what was asked of
/// it.
public final class StoreUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StoreUnavailableException(String store, Throwable cause) {
        super(store + " is not available: " + cause.getMessage(), cause);
    }
}
