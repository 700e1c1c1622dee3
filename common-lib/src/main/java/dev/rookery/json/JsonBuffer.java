package dev.rookery.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/// A growing array of UTF-8 bytes to write compact JSON into. Strings are spelled as NIP-01 wants them in the id: `\b
/// \t \n
/// \f \r \" \\`, other control characters below U+0020 as `\\u00xx` in lowercase, everything else verbatim.
public final class JsonBuffer {

    private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);

    private byte[] bytes;
    private int size;

    public JsonBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    public int size() {
        return size;
    }

    /// The bytes written; the buffer is not to be used afterwards.
    public byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    public JsonBuffer raw(char ascii) {
        ensure(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    public JsonBuffer raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    public JsonBuffer raw(byte[] source, int from, int to) {
        ensure(to - from);
        System.arraycopy(source, from, bytes, size, to - from);
        size += to - from;
        return this;
    }

    public JsonBuffer raw(String ascii) {
        return raw(ascii.getBytes(ISO_8859_1));
    }

    public JsonBuffer number(long value) {
        return raw(Long.toString(value));
    }

    /// A JSON string with its quotes. An unpaired surrogate has no UTF-8 and becomes a question mark.
    public JsonBuffer string(String value) {
        byte[] utf8 = value.getBytes(UTF_8);
        raw('"');
        int from = 0;
        for (int at = ByteScan.endOfPlain(utf8, 0, utf8.length);
                at < utf8.length;
                at = ByteScan.endOfPlain(utf8, from, utf8.length)) {
            raw(utf8, from, at).canonical(utf8[at]);
            from = at + 1;
        }
        return raw(utf8, from, utf8.length).raw('"');
    }

    /// The inside of a JSON string that a cursor has found good, in canonical spelling.
    public JsonBuffer respelled(byte[] source, int from, int to) {
        int at = from;
        while (at < to) {
            int end = ByteScan.endOfPlain(source, at, to);
            raw(source, at, end);
            at = end;
            if (at < to) {
                int codePoint = Escapes.codePoint(source, at, to);
                canonical(codePoint);
                at += Escapes.length(source, at, codePoint);
            }
        }
        return this;
    }

    /// The inside of a JSON string that a cursor has found good, its escapes resolved.
    JsonBuffer decoded(byte[] source, int from, int to) {
        int at = from;
        while (at < to) {
            int end = ByteScan.endOfPlain(source, at, to);
            raw(source, at, end);
            at = end;
            if (at < to) {
                int codePoint = Escapes.codePoint(source, at, to);
                verbatim(codePoint);
                at += Escapes.length(source, at, codePoint);
            }
        }
        return this;
    }

    private void canonical(int codePoint) {
        switch (codePoint) {
            case '"' -> raw('\\').raw('"');
            case '\\' -> raw('\\').raw('\\');
            case '\b' -> raw('\\').raw('b');
            case '\t' -> raw('\\').raw('t');
            case '\n' -> raw('\\').raw('n');
            case '\f' -> raw('\\').raw('f');
            case '\r' -> raw('\\').raw('r');
            default -> {
                if (codePoint < ' ') {
                    raw("\\u00").raw((char) HEX[codePoint >> 4]).raw((char) HEX[codePoint & 0xF]);
                } else {
                    verbatim(codePoint);
                }
            }
        }
    }

    private void verbatim(int codePoint) {
        if (codePoint < 0x80) {
            raw((char) codePoint);
        } else {
            raw(Character.toString(codePoint).getBytes(UTF_8));
        }
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
