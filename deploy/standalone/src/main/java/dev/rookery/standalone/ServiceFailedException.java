package dev.rookery.standalone;

/// A service that did not start, and has logged why.
final class ServiceFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ServiceFailedException(Service service, Throwable cause) {
        super(service.module() + " did not start", cause);
    }
}
