package dev.rookery.query.stored;

import dev.rookery.event.Bytes32;
import dev.rookery.query.plan.Key;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Lists as the statements take and give them: R2DBC cannot bind `bytea[]`, and one value for all of an answer costs a
/// fraction of one row for each of its parts.
final class Packed {

    private Packed() {}

    static byte[] ids(List<Bytes32> ids) {
        byte[] packed = new byte[ids.size() * Bytes32.SIZE];
        for (int i = 0; i < ids.size(); i++) {
            ids.get(i).writeTo(packed, i * Bytes32.SIZE);
        }
        return packed;
    }

    static byte[] idsOf(List<Key> keys) {
        return ids(keys.stream().map(Key::id).toList());
    }

    static Long[] secondsOf(List<Key> keys) {
        return keys.stream().map(Key::createdAt).toArray(Long[]::new);
    }

    static Key key(ByteBuffer bytes) {
        return new Key(bytes.getLong(), id(bytes));
    }

    static byte[] array(ByteBuffer bytes) {
        return array(bytes, bytes.getInt());
    }

    static byte[] array(ByteBuffer bytes, int length) {
        byte[] array = new byte[length];
        bytes.get(array);
        return array;
    }

    /// All items, to the last byte.
    static <T> List<T> items(ByteBuffer bytes, Function<ByteBuffer, T> item) {
        List<T> items = new ArrayList<>();
        while (bytes.hasRemaining()) {
            items.add(item.apply(bytes));
        }
        return items;
    }

    private static Bytes32 id(ByteBuffer bytes) {
        return new Bytes32(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }
}
