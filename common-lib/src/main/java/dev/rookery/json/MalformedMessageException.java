package dev.rookery.json;

/// Input from outside that is not what the protocol allows; thrown by readers only and answered where the bytes came
/// in.
/// It carries no stack trace, because anyone can cause any number of them.
public final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Addressee addressee;

    public MalformedMessageException(String reason, Addressee addressee) {
        super(reason, null, false, false);
        this.addressee = addressee;
    }

    public static MalformedMessageException invalid(String text) {
        return new MalformedMessageException("invalid: " + text, new Addressee.Nobody());
    }

    public static MalformedMessageException unsupported(String text) {
        return new MalformedMessageException("unsupported: " + text, new Addressee.Nobody());
    }

    /// The machine-readable prefix and the text, e.g. `invalid: kind is not an integer`.
    public String reason() {
        return String.valueOf(getMessage());
    }

    public Addressee addressee() {
        return addressee;
    }

    /// The same reason for another addressee; bytes that are no UTF-8 stay so, whatever message they stand in.
    public MalformedMessageException to(Addressee other) {
        return addressee instanceof Addressee.NotUtf8 ? this : new MalformedMessageException(reason(), other);
    }

    /// Whom the answer concerns, and with it the form of the answer.
    public sealed interface Addressee {

        /// Nothing in the message can be referred to: NOTICE.
        record Nobody() implements Addressee {}

        /// An event with a usable id, 64 digits of lowercase hex: OK false.
        record OfEvent(String id) implements Addressee {}

        /// A REQ with a usable id: CLOSED.
        record OfSubscription(String id) implements Addressee {}

        /// NIP-45: a COUNT with a usable id: CLOSED, which says nothing of a subscription with the same id.
        record OfQuery(String id) implements Addressee {}

        /// NIP-77: a message of a reconciliation with a usable id: NEG-ERR.
        record OfReconciliation(String id) implements Addressee {}

        /// RFC 6455, 8.1: a text message that is not UTF-8 fails the connection, close code 1007.
        record NotUtf8() implements Addressee {}
    }
}
