package dev.rookery.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.signature.Sha256;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/// What the store's tag index has in place of a tag: eight bytes of SHA-256. Two tags may share one, so whatever it
/// finds is
/// compared with the event again. Part of the stored data: a change means to index everything anew.
public final class TagHash {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private TagHash() {}

    /// The first eight bytes, big-endian, of SHA-256 over the name's one byte and the value's UTF-8.
    public static long of(char name, String value) {
        MessageDigest digest = Sha256.digest();
        digest.update((byte) name);
        return (long) LONG.get(digest.digest(value.getBytes(UTF_8)), 0);
    }

    /// The hashes of all tags of an event that filters can ask for, each once.
    public static long[] all(Event event) {
        return event.tags().stream()
                .filter(Tag::isIndexed)
                .mapToLong(tag -> of(tag.name().charAt(0), tag.elements().get(1)))
                .distinct()
                .toArray();
    }

    /// SHA-256 over the UTF-8 of a `d` value: 32 bytes for identifiers of any length.
    public static byte[] ofIdentifier(String identifier) {
        return Sha256.of(identifier.getBytes(UTF_8));
    }
}
