package dev.rookery.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rookery.signature.Sha256;
import java.security.MessageDigest;
import java.util.Arrays;

/// The one JSON an event has in this relay, and where its parts are:
/// `{"id":"…","pubkey":"…","created_at":…,"kind":…,"tags":…,"content":"…","sig":"…"}`.
///
/// Its strings are spelled as the id's serialisation wants them, so tags and content can be hashed from it as they
/// stand.
final class CanonicalForm {

    static final byte[] ID = ascii("{\"id\":\"");
    static final byte[] PUBKEY = ascii("\",\"pubkey\":\"");
    static final byte[] CREATED_AT = ascii("\",\"created_at\":");
    static final byte[] KIND = ascii(",\"kind\":");
    static final byte[] TAGS = ascii(",\"tags\":");
    static final byte[] CONTENT = ascii(",\"content\":");
    static final byte[] SIG = ascii(",\"sig\":\"");
    static final byte[] END = ascii("\"}");

    static final int SIGNATURE_DIGITS = 128;

    /// All that is not digits of numbers, tags or content.
    static final int FIXED = ID.length
            + PUBKEY.length
            + CREATED_AT.length
            + KIND.length
            + TAGS.length
            + CONTENT.length
            + SIG.length
            + END.length
            + 2 * Bytes32.HEX_DIGITS
            + SIGNATURE_DIGITS;

    private static final byte[] HASH_START = ascii("[0,\"");
    private static final byte[] HASH_AFTER_PUBKEY = ascii("\",");
    private static final int PUBKEY_FROM = ID.length + Bytes32.HEX_DIGITS + PUBKEY.length;

    /// UTF-8; not to be modified.
    final byte[] json;

    /// Where the tags' opening bracket is.
    final int tags;

    /// Where the content's opening quote is.
    final int content;

    private final int createdAt;
    private final int kind;

    /// @param createdAt where the digits of `created_at` begin
    /// @param kind      where the digits of `kind` begin
    CanonicalForm(byte[] json, int createdAt, int kind, int tags, int content) {
        this.json = json;
        this.createdAt = createdAt;
        this.kind = kind;
        this.tags = tags;
        this.content = content;
    }

    /// Behind the content's closing quote.
    int contentEnd() {
        return json.length - END.length - SIGNATURE_DIGITS - SIG.length;
    }

    byte[] signature() {
        int to = json.length - END.length;
        return Hex.toBytes(json, to - SIGNATURE_DIGITS, to);
    }

    /// NIP-01: the id is the SHA-256 of `[0,<pubkey>,<created_at>,<kind>,<tags>,<content>]` without white space.
    Bytes32 hash() {
        byte[] head = Arrays.copyOf(HASH_START, 128);
        int size = append(head, HASH_START.length, PUBKEY_FROM, PUBKEY_FROM + Bytes32.HEX_DIGITS);
        System.arraycopy(HASH_AFTER_PUBKEY, 0, head, size, HASH_AFTER_PUBKEY.length);
        size = append(head, size + HASH_AFTER_PUBKEY.length, createdAt, kind - KIND.length);
        head[size++] = ',';
        size = append(head, size, kind, tags - TAGS.length);
        head[size++] = ',';
        MessageDigest digest = Sha256.digest();
        digest.update(head, 0, size);
        digest.update(json, tags, content - CONTENT.length - tags);
        digest.update((byte) ',');
        digest.update(json, content, contentEnd() - content);
        digest.update((byte) ']');
        return Bytes32.of(digest.digest(), 0);
    }

    private int append(byte[] target, int at, int from, int to) {
        System.arraycopy(json, from, target, at, to - from);
        return at + to - from;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
