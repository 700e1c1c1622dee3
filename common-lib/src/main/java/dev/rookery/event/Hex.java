package dev.rookery.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/// Lowercase hexadecimal in ASCII bytes; uppercase is none (NIP-01: "lowercase hex").
final class Hex {

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(ISO_8859_1);
    private static final byte[] VALUES = values();

    private Hex() {}

    static boolean isLowercase(byte[] ascii, int from, int to) {
        int all = 0;
        for (int at = from; at < to; at++) {
            all |= ascii[at] < 0 ? -1 : VALUES[ascii[at]];
        }
        return all >= 0;
    }

    /// The number that 16 digits, found good, spell.
    static long toLong(byte[] ascii, int from) {
        long value = 0;
        for (int at = from; at < from + 16; at++) {
            value = (value << 4) | VALUES[ascii[at]];
        }
        return value;
    }

    /// The bytes that digits, found good, spell.
    static byte[] toBytes(byte[] ascii, int from, int to) {
        byte[] bytes = new byte[(to - from) / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((VALUES[ascii[from + 2 * i]] << 4) | VALUES[ascii[from + 2 * i + 1]]);
        }
        return bytes;
    }

    static void write(long value, byte[] ascii, int at) {
        for (int i = 0; i < 16; i++) {
            ascii[at + i] = DIGITS[(int) (value >>> (60 - 4 * i)) & 0xF];
        }
    }

    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (byte i = 0; i < 16; i++) {
            values[DIGITS[i]] = i;
        }
        return values;
    }
}
