package dev.rookery.json;

/// The escape sequences inside JSON strings.
final class Escapes {

    private Escapes() {}

    /// The value of four hex digits, either case; -1 if they are not.
    static int hex4(byte[] data, int at, int to) {
        if (to - at < 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = data[at + i] < 0 ? -1 : Character.digit(data[at + i], 16);
            if (digit < 0) {
                return -1;
            }
            value = (value << 4) | digit;
        }
        return value;
    }

    /// The code unit of the `\\uXXXX` that begins at `at`; -1 if none does.
    static int unicodeEscape(byte[] data, int at, int to) {
        return to - at >= 6 && data[at] == '\\' && data[at + 1] == 'u' ? hex4(data, at + 2, to) : -1;
    }

    /// The character that follows a backslash as a short escape; -1 if it is no such letter.
    static int shortEscape(byte letter) {
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> -1;
        };
    }

    /// The code point of the sequence at `at`, which a cursor has found good.
    static int codePoint(byte[] data, int at, int to) {
        int unit = unicodeEscape(data, at, to);
        if (unit < 0) {
            return shortEscape(data[at + 1]);
        }
        int low = isHigh(unit) ? unicodeEscape(data, at + 6, to) : -1;
        return isLow(low) ? Character.toCodePoint((char) unit, (char) low) : unit;
    }

    /// How many bytes the sequence takes that stands for `codePoint` at `at`.
    static int length(byte[] data, int at, int codePoint) {
        return data[at + 1] != 'u' ? 2 : codePoint > 0xFFFF ? 12 : 6;
    }

    static boolean isHigh(int unit) {
        return unit >= Character.MIN_HIGH_SURROGATE && unit <= Character.MAX_HIGH_SURROGATE;
    }

    static boolean isLow(int unit) {
        return unit >= Character.MIN_LOW_SURROGATE && unit <= Character.MAX_LOW_SURROGATE;
    }
}
