package dev.rookery.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rookery.json.JsonBuffer;
import dev.rookery.signature.SchnorrSigner;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// An event that is yet to be signed.
record EventWriter(long createdAt, int kind, List<Tag> tags, String content) {

    EventWriter {
        if (createdAt < 0 || createdAt > Event.LATEST || kind < 0 || kind > Kinds.HIGHEST) {
            throw new IllegalArgumentException("no such created_at or kind: " + createdAt + ", " + kind);
        }
        tags = List.copyOf(tags);
    }

    Event sign(SchnorrSigner signer) {
        Bytes32 pubkey = Bytes32.of(signer.publicKey());
        byte[] unsigned = new byte[CanonicalForm.SIGNATURE_DIGITS];
        Arrays.fill(unsigned, (byte) '0');
        Bytes32 id = form(pubkey, pubkey, unsigned).hash();
        byte[] signature = HexFormat.of().formatHex(signer.sign(id.toBytes())).getBytes(ISO_8859_1);
        return new Event(new Event.Head(id, pubkey, createdAt, kind), form(id, pubkey, signature));
    }

    private CanonicalForm form(Bytes32 id, Bytes32 pubkey, byte[] signature) {
        CanonicalWriter writer = new CanonicalWriter(16 * tags.size() + content.length());
        writer.head(new Event.Head(id, pubkey, createdAt, kind));
        writeTags(writer.tags());
        writer.content().string(content);
        return writer.signature(signature, 0);
    }

    private void writeTags(JsonBuffer json) {
        char tagSeparator = '[';
        for (Tag tag : tags) {
            json.raw(tagSeparator);
            char separator = '[';
            for (String element : tag.elements()) {
                json.raw(separator).string(element);
                separator = ',';
            }
            json.raw(']');
            tagSeparator = ',';
        }
        json.raw(tags.isEmpty() ? "[]" : "]");
    }
}
