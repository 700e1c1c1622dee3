package dev.rookery.indexer.outage;

/// The service is being stopped, so nothing is waited for any more.
public final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StoppedException() {
        super("stopped", null, false, false);
    }
}
