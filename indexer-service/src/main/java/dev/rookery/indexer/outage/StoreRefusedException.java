package dev.rookery.indexer.outage;

/// A healthy PostgreSQL refuses the data that it was given: asking again is in vain.
public final class StoreRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StoreRefusedException(Throwable cause) {
        super(firstLine(cause), cause);
    }

    /// What follows it shows data, which belongs into no log.
    private static String firstLine(Throwable cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}
