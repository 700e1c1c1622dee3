package dev.rookery.order;

import dev.rookery.event.Bytes32;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The bytes of a list of effects: 41 for each, a code (1 removed, 2 vanished), 32 of the id or author, 8 of the
/// time.
public final class Effects {

    private static final byte REMOVED = 1;
    private static final byte VANISHED = 2;
    private static final int WIDTH = 1 + 32 + 8;

    private Effects() {}

    public static byte[] encode(List<Effect> effects) {
        ByteBuffer bytes = ByteBuffer.allocate(effects.size() * WIDTH);
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Removed(var id, var createdAt) ->
                    bytes.put(REMOVED).put(id.toBytes()).putLong(createdAt);
                case Effect.Vanished(var author, var upTo) ->
                    bytes.put(VANISHED).put(author.toBytes()).putLong(upTo);
            }
        }
        return bytes.array();
    }

    /// Effects of a kind that this release does not know are left out.
    ///
    /// @throws IllegalArgumentException when the length is not a whole number of effects
    public static List<Effect> decode(byte[] bytes) {
        if (bytes.length % WIDTH != 0) {
            throw new IllegalArgumentException("effects of " + bytes.length + " bytes");
        }
        List<Effect> effects = new ArrayList<>(bytes.length / WIDTH);
        for (int at = 0; at < bytes.length; at += WIDTH) {
            Bytes32 subject = Bytes32.of(bytes, at + 1);
            long time = ByteBuffer.wrap(bytes, at + 33, 8).getLong();
            switch (bytes[at]) {
                case REMOVED -> effects.add(new Effect.Removed(subject, time));
                case VANISHED -> effects.add(new Effect.Vanished(subject, time));
                default -> {}
            }
        }
        return List.copyOf(effects);
    }
}
