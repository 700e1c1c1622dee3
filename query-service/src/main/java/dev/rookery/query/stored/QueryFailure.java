package dev.rookery.query.stored;

import dev.rookery.link.LinkFrame.Failure;

/// A request that cannot be answered, as the gateway is told.
public final class QueryFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Failure failure;

    public QueryFailure(Failure failure, String reason) {
        super(reason, null, false, false);
        this.failure = failure;
    }

    QueryFailure(Failure failure, String reason, Throwable cause) {
        super(reason, cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
