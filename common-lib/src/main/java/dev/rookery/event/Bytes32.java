package dev.rookery.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;

/// 32 bytes: an event's id or an x-only public key. Ordered as unsigned bytes, which is the order of the lowercase
/// hex.
///
/// @param a the first eight bytes, big-endian; `b`, `c` and `d` are the others
public record Bytes32(long a, long b, long c, long d) implements Comparable<Bytes32> {

    public static final int SIZE = 32;
    public static final int HEX_DIGITS = 64;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    public static Bytes32 of(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("not 32 bytes but " + bytes.length);
        }
        return of(bytes, 0);
    }

    public static Bytes32 of(byte[] bytes, int offset) {
        return new Bytes32(
                (long) LONG.get(bytes, offset),
                (long) LONG.get(bytes, offset + 8),
                (long) LONG.get(bytes, offset + 16),
                (long) LONG.get(bytes, offset + 24));
    }

    /// @throws IllegalArgumentException unless it is 64 digits of lowercase hex
    public static Bytes32 ofHex(String hex) {
        return parseHex(hex).orElseThrow(() -> new IllegalArgumentException("not 64 digits of lowercase hex: " + hex));
    }

    /// Empty unless it is exactly 64 digits of lowercase hex.
    public static Optional<Bytes32> parseHex(CharSequence hex) {
        if (hex.length() != HEX_DIGITS) {
            return Optional.empty();
        }
        byte[] ascii = new byte[HEX_DIGITS];
        for (int i = 0; i < HEX_DIGITS; i++) {
            char c = hex.charAt(i);
            ascii[i] = c < 0x80 ? (byte) c : -1;
        }
        return parseHex(ascii, 0, HEX_DIGITS);
    }

    /// Empty unless the slice is exactly 64 digits of lowercase hex in ASCII.
    public static Optional<Bytes32> parseHex(byte[] ascii, int from, int to) {
        if (to - from != HEX_DIGITS || !Hex.isLowercase(ascii, from, to)) {
            return Optional.empty();
        }
        return Optional.of(new Bytes32(
                Hex.toLong(ascii, from),
                Hex.toLong(ascii, from + 16),
                Hex.toLong(ascii, from + 32),
                Hex.toLong(ascii, from + 48)));
    }

    public byte[] toBytes() {
        byte[] bytes = new byte[SIZE];
        writeTo(bytes, 0);
        return bytes;
    }

    public void writeTo(byte[] target, int offset) {
        LONG.set(target, offset, a);
        LONG.set(target, offset + 8, b);
        LONG.set(target, offset + 16, c);
        LONG.set(target, offset + 24, d);
    }

    /// 64 ASCII digits.
    public byte[] toHexBytes() {
        byte[] ascii = new byte[HEX_DIGITS];
        Hex.write(a, ascii, 0);
        Hex.write(b, ascii, 16);
        Hex.write(c, ascii, 32);
        Hex.write(d, ascii, 48);
        return ascii;
    }

    @Override
    public int compareTo(Bytes32 other) {
        if (a != other.a) {
            return Long.compareUnsigned(a, other.a);
        }
        if (b != other.b) {
            return Long.compareUnsigned(b, other.b);
        }
        return c != other.c ? Long.compareUnsigned(c, other.c) : Long.compareUnsigned(d, other.d);
    }

    /// 64 digits of lowercase hex.
    @Override
    public String toString() {
        return new String(toHexBytes(), ISO_8859_1);
    }
}
