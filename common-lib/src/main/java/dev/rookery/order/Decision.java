package dev.rookery.order;

/// What became of a logged event. The code of each is part of the formats between processes and never changes.
public enum Decision {
    /// Stored, and given a number of its own.
    ACCEPTED(0),
    /// Stored before.
    DUPLICATE(1),
    /// A newer version of the same replaceable or addressable event has been decided.
    SUPERSEDED(2),
    /// Its author, or the recipient of a gift wrap, has deleted it.
    DELETED(3),
    /// Its author has vanished at or after its time.
    VANISHED(4),
    /// Its expiration had passed when it was decided.
    EXPIRED(5),
    /// Could not be decided alone while the stores were healthy; kept in the dead letters.
    FAILED(6),
    /// Logged, and not yet decided.
    UNDECIDED(7),
    /// Nothing is known of it any more.
    UNKNOWN(8);

    private static final Decision[] BY_CODE = values();

    private final int code;

    Decision(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /// @throws IllegalArgumentException for a code that no release has given
    public static Decision ofCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("no decision has the code " + code);
        }
        return BY_CODE[code];
    }
}
