package dev.rookery.standalone;

/// A start that failed for a reason an operator can act on; the message says it in one line.
final class StartFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    StartFailedException(String message) {
        super(message);
    }
}
