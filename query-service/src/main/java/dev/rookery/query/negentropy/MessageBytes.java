package dev.rookery.query.negentropy;

import java.nio.ByteBuffer;

/// Reads the parts of a message. What does not fit into it is refused before anything is allocated for it.
final class MessageBytes {

    private static final int ID = 32;

    private final ByteBuffer bytes;
    private long lastSecond;

    MessageBytes(byte[] message) {
        this.bytes = ByteBuffer.wrap(message);
    }

    boolean hasMore() {
        return bytes.hasRemaining();
    }

    int octet() {
        require(1);
        return bytes.get() & 0xFF;
    }

    /// Base 128, the most significant digit first, each but the last with its high bit set. What is beyond 63 bits is
    /// as good as the largest number.
    long varint() {
        long value = 0;
        boolean tooLarge = false;
        for (int digits = 1; ; digits++) {
            if (digits > 10) {
                throw new MalformedNegentropyException("a number of more than ten digits");
            }
            int digit = octet();
            tooLarge |= value >>> 56 != 0;
            value = (value << 7) | (digit & 0x7F);
            if (digit < 0x80) {
                return tooLarge ? Long.MAX_VALUE : value;
            }
        }
    }

    /// Times are told as the difference from the one before, plus one; 0 is infinity.
    Bound bound() {
        long told = varint();
        long second = told == 0 ? Bound.INFINITY : lastSecond + Math.min(told - 1, Bound.INFINITY - lastSecond);
        lastSecond = second;
        long length = varint();
        if (length > ID) {
            throw new MalformedNegentropyException("a bound with more than 32 bytes of an id");
        }
        return new Bound(second, take((int) length));
    }

    byte[] take(int length) {
        require(length);
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    void skipIds(long count) {
        if (count > bytes.remaining() / ID) {
            throw new MalformedNegentropyException("a message cut short");
        }
        bytes.position(bytes.position() + (int) count * ID);
    }

    private void require(int length) {
        if (bytes.remaining() < length) {
            throw new MalformedNegentropyException("a message cut short");
        }
    }
}
