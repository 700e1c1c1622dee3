package dev.rookery.gateway.link;

import dev.rookery.link.LinkFrame.Failure;

/// A request that query-service could not answer.
public final class LinkFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final Failure failure;

    LinkFailure(Failure failure, String reason) {
        super(reason, null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
