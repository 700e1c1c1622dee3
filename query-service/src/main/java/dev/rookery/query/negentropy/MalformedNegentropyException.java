package dev.rookery.query.negentropy;

/// A message that is none of Negentropy's. Anyone can cause it, so it carries no stack trace.
public final class MalformedNegentropyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedNegentropyException(String reason) {
        super(reason, null, false, false);
    }
}
