package dev.rookery.message;

import java.util.Locale;

/// The machine-readable word before a reason in OK and CLOSED.
public enum Prefix {
    /// Already stored; the only one of these that goes with `true`.
    DUPLICATE,
    /// NIP-13: not enough proof of work.
    POW,
    BLOCKED,
    RATE_LIMITED,
    INVALID,
    /// NIP-42: authenticated, but not allowed.
    RESTRICTED,
    MUTE,
    /// What became of it is not known; sending again is safe.
    ERROR,
    /// NIP-42: allowed perhaps, once authenticated.
    AUTH_REQUIRED,
    UNSUPPORTED,
    /// NIP-77: a reconciliation has been forgotten.
    CLOSED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /// As it is sent, without the colon.
    public String label() {
        return label;
    }

    /// Prefix, colon, text.
    public String with(String text) {
        return label + ": " + text;
    }
}
