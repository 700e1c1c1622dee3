package dev.rookery.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.event.Bytes32;
import dev.rookery.order.Position;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Writes the parts of a frame, big-endian, each length as four bytes.
final class FrameSink {

    private byte[] bytes;
    private int length;

    FrameSink(int sizeHint) {
        bytes = new byte[sizeHint];
    }

    byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    FrameSink code(int code) {
        room(1);
        bytes[length++] = (byte) code;
        return this;
    }

    FrameSink number(int number) {
        room(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (number >>> shift);
        }
        return this;
    }

    FrameSink longNumber(long number) {
        return number((int) (number >>> 32)).number((int) number);
    }

    FrameSink position(Position position) {
        return longNumber(position.epoch()).longNumber(position.seq());
    }

    FrameSink bytes32(Bytes32 value) {
        room(32);
        value.writeTo(bytes, length);
        length += 32;
        return this;
    }

    FrameSink array(byte[] array) {
        number(array.length).room(array.length);
        System.arraycopy(array, 0, bytes, length, array.length);
        length += array.length;
        return this;
    }

    FrameSink text(String text) {
        return array(text.getBytes(UTF_8));
    }

    FrameSink numbers(int[] numbers) {
        number(numbers.length);
        for (int number : numbers) {
            number(number);
        }
        return this;
    }

    <T> FrameSink list(List<T> items, Consumer<T> write) {
        number(items.size());
        items.forEach(write);
        return this;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }
}
