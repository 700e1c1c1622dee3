package dev.rookery.settings;

/// A setting under `relay` that does not exist: mostly a slip of the pen, which must not go unnoticed.
public final class UnknownSettingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownSettingException(String message) {
        super(message);
    }
}
