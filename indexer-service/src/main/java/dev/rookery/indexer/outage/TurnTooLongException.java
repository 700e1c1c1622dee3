package dev.rookery.indexer.outage;

/// The database ended a decision because it took longer than a transaction may. It may be the work, or others' before
/// it; nothing is wrong with any event.
public final class TurnTooLongException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public TurnTooLongException(int events, Throwable cause) {
        super("a turn of " + events + " events took too long", cause);
    }
}
