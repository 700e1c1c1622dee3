package dev.rookery.json;

import static java.nio.charset.StandardCharsets.UTF_8;

/// The insides of JSON strings that a cursor has found good, given as slices of bytes without the quotes.
public final class JsonStrings {

    private JsonStrings() {}

    public static String decode(byte[] data, int from, int to) {
        if (ByteScan.endOfPlain(data, from, to) == to) {
            return new String(data, from, to - from, UTF_8);
        }
        return new String(new JsonBuffer(to - from).decoded(data, from, to).toBytes(), UTF_8);
    }

    /// The position of the closing quote of the string whose inside begins at `from`.
    public static int end(byte[] data, int from) {
        int at = ByteScan.endOfPlain(data, from, data.length);
        while (data[at] != '"') {
            at = ByteScan.endOfPlain(data, at + 2, data.length);
        }
        return at;
    }

    /// How many Unicode code points the string has.
    public static int codePoints(byte[] data, int from, int to) {
        int count = 0;
        int at = from;
        while (at < to) {
            if (data[at] == '\\') {
                at += Escapes.length(data, at, Escapes.codePoint(data, at, to));
                count++;
            } else {
                count += (data[at] & 0xC0) == 0x80 ? 0 : 1;
                at++;
            }
        }
        return count;
    }
}
