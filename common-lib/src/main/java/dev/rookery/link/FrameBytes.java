package dev.rookery.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.event.Bytes32;
import dev.rookery.order.Position;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Reads the parts of a frame; what does not fit into the frame is refused before anything is allocated for it.
final class FrameBytes {

    private final ByteBuffer bytes;

    FrameBytes(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    byte code() {
        return bytes.get();
    }

    int number() {
        return bytes.getInt();
    }

    long longNumber() {
        return bytes.getLong();
    }

    Position position() {
        return new Position(bytes.getLong(), bytes.getLong());
    }

    Bytes32 bytes32() {
        return Bytes32.of(block(32), 0);
    }

    byte[] array() {
        return block(bytes.getInt());
    }

    String text() {
        return new String(array(), UTF_8);
    }

    int[] numbers() {
        int count = count(4);
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = bytes.getInt();
        }
        return numbers;
    }

    /// @param width the least number of bytes that one item takes
    <T> List<T> list(int width, Supplier<T> item) {
        int count = count(width);
        List<T> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(item.get());
        }
        return items;
    }

    private int count(int width) {
        int count = bytes.getInt();
        if (count < 0 || (long) count * width > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        return count;
    }

    private byte[] block(int length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] block = new byte[length];
        bytes.get(block);
        return block;
    }
}
