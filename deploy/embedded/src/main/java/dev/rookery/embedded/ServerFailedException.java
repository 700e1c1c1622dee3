package dev.rookery.embedded;

/// An embedded server that did not start, did not stop, or does not run with the settings it was given.
public final class ServerFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ServerFailedException(String message) {
        super(message);
    }

    public ServerFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
