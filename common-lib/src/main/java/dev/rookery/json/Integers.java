package dev.rookery.json;

/// Decimal digits as numbers.
final class Integers {

    private Integers() {}

    /// The number, or the nearest one of 64 bits.
    static long saturated(byte[] data, int from, int to, boolean negative) {
        long value = 0;
        for (int at = from; at < to; at++) {
            int digit = data[at] - '0';
            if (value < (Long.MIN_VALUE + digit) / 10) {
                return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            value = value * 10 - digit;
        }
        if (negative) {
            return value;
        }
        return value == Long.MIN_VALUE ? Long.MAX_VALUE : -value;
    }
}
