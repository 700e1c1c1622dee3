package dev.rookery.query.negentropy;

import java.io.ByteArrayOutputStream;

/// Writes the parts of a message. Times depend on the bound written before, so what has been written stays.
final class MessageSink {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long lastSecond;

    int size() {
        return bytes.size();
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    void octet(int value) {
        bytes.write(value);
    }

    void bytes(byte[] more) {
        bytes.write(more, 0, more.length);
    }

    void varint(long value) {
        for (int shift = 63 - Long.numberOfLeadingZeros(value | 1); shift >= 7; ) {
            shift -= shift % 7;
            bytes.write(((int) (value >>> shift) & 0x7F) | 0x80);
            shift -= 1;
        }
        bytes.write((int) value & 0x7F);
    }

    void bound(Bound bound) {
        varint(bound.second() == Bound.INFINITY ? 0 : bound.second() - lastSecond + 1);
        lastSecond = bound.second();
        varint(bound.idPrefix().length);
        bytes(bound.idPrefix());
    }
}
