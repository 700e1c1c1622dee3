package dev.rookery.load;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A message of a relay, as far as a load generator has to know it: its verb and what comes second. White space is
/// allowed, as some relays send it.
///
/// @param subject of an OK the event's id, of other messages the subscription
/// @param rest    where the third element begins
@SuppressWarnings("ArrayRecordComponent") // never compared
record Received(String verb, String subject, byte[] message, int rest) {

    private static final byte[] ID = "\"id\"".getBytes(StandardCharsets.ISO_8859_1);
    private static final int ID_DIGITS = 64;

    static Received of(byte[] message) {
        int verb = after(message, 0, '"');
        int verbEnd = after(message, verb, '"') - 1;
        int subject = after(message, verbEnd + 1, '"');
        int subjectEnd = after(message, subject, '"') - 1;
        return new Received(text(message, verb, verbEnd), text(message, subject, subjectEnd), message, subjectEnd + 1);
    }

    /// Of an OK: whether it was accepted.
    boolean isAccepted() {
        int at = rest;
        while (at < message.length && (message[at] == ',' || message[at] == ' ')) {
            at++;
        }
        return at < message.length && message[at] == 't';
    }

    /// Of an OK: why, in the relay's words.
    String reason() {
        int begin = after(message, rest, '"');
        return text(message, begin, after(message, begin, '"') - 1);
    }

    /// Of an EVENT: its id. Nothing else in events of a `Corpus` is called so.
    Optional<String> eventId() {
        for (int at = rest; at < message.length - ID.length; at++) {
            if (startsWithId(at)) {
                int digits = after(message, at + ID.length, '"');
                return Optional.of(text(message, digits, digits + ID_DIGITS));
            }
        }
        return Optional.empty();
    }

    private boolean startsWithId(int at) {
        for (int i = 0; i < ID.length; i++) {
            if (message[at + i] != ID[i]) {
                return false;
            }
        }
        return true;
    }

    private static int after(byte[] message, int from, char wanted) {
        int at = Math.min(from, message.length);
        while (at < message.length && message[at] != wanted) {
            at++;
        }
        return at + 1;
    }

    private static String text(byte[] message, int from, int to) {
        int end = Math.min(to, message.length);
        return from >= end ? "" : new String(message, from, end - from, StandardCharsets.ISO_8859_1);
    }
}
