package dev.rookery.event;

import dev.rookery.json.JsonBuffer;

/// Writes a canonical form field by field: head, tags, content, signature, in this order.
final class CanonicalWriter {

    private static final int LONGEST_NUMBERS = 16 + 5;

    private final JsonBuffer json;
    private int createdAt;
    private int kind;
    private int tags;
    private int content;

    /// @param variable how many bytes tags and content will take at most, quotes of the content left out
    CanonicalWriter(int variable) {
        json = new JsonBuffer(CanonicalForm.FIXED + LONGEST_NUMBERS + 2 + variable);
    }

    void head(Event.Head head) {
        json.raw(CanonicalForm.ID).raw(head.id().toHexBytes());
        json.raw(CanonicalForm.PUBKEY).raw(head.pubkey().toHexBytes());
        json.raw(CanonicalForm.CREATED_AT);
        createdAt = json.size();
        json.number(head.createdAt()).raw(CanonicalForm.KIND);
        kind = json.size();
        json.number(head.kind());
    }

    /// To write the tags into.
    JsonBuffer tags() {
        json.raw(CanonicalForm.TAGS);
        tags = json.size();
        return json;
    }

    /// To write the content into, with its quotes.
    JsonBuffer content() {
        json.raw(CanonicalForm.CONTENT);
        content = json.size();
        return json;
    }

    /// @param hex ASCII, of which the 128 digits of the signature begin at `from`
    CanonicalForm signature(byte[] hex, int from) {
        json.raw(CanonicalForm.SIG)
                .raw(hex, from, from + CanonicalForm.SIGNATURE_DIGITS)
                .raw(CanonicalForm.END);
        return new CanonicalForm(json.toBytes(), createdAt, kind, tags, content);
    }
}
