package dev.rookery.message;

/// What became of an EVENT, as NIP-01 says it in OK.
public sealed interface Verdict {

    boolean accepted();

    /// The fourth element of OK.
    String message();

    /// Stored, or delivered where the kind is not stored.
    static Verdict stored() {
        return Accepted.STORED;
    }

    /// NIP-01: an event that the relay already has is answered `true` and `duplicate:`.
    static Verdict duplicate() {
        return Accepted.DUPLICATE;
    }

    static Refused refused(Prefix prefix, String text) {
        return new Refused(prefix, text);
    }

    /// @param note "" or a prefix and a text
    record Accepted(String note) implements Verdict {

        private static final Accepted STORED = new Accepted("");
        private static final Accepted DUPLICATE = new Accepted(Prefix.DUPLICATE.with("already have this event"));

        @Override
        public boolean accepted() {
            return true;
        }

        @Override
        public String message() {
            return note;
        }
    }

    record Refused(Prefix prefix, String text) implements Verdict {

        @Override
        public boolean accepted() {
            return false;
        }

        @Override
        public String message() {
            return prefix.with(text);
        }
    }
}
