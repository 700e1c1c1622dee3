package dev.rookery.json;

import static dev.rookery.json.MalformedMessageException.invalid;

import dev.rookery.json.MalformedMessageException.Addressee;

/// A position in strict JSON (RFC 8259), moved forward by its caller. The bytes are checked to be UTF-8 beforehand,
/// values
/// are taken in place, and nothing is built. All failures are `invalid:` and addressed to nobody: the caller knows
/// better.
///
/// ```
/// if (cursor.open('[', ']')) {
///     do { ... one value ... } while (cursor.another(']'));
/// }
/// ```
public final class JsonCursor {

    /// How deep values may be nested: far more than any message of the protocol needs, far less than a stack bears.
    static final int DEPTH = 64;

    private final byte[] data;
    private final int end;
    private int at;
    private int blanks;

    private int stringFrom;
    private int stringTo;
    private boolean canonical;
    private boolean unpaired;

    private JsonCursor(byte[] data, int from, int to) {
        this.data = data;
        this.at = from;
        this.end = to;
    }

    public static JsonCursor over(byte[] utf8, int from, int to) throws MalformedMessageException {
        if (!Utf8.isWellFormed(utf8, from, to)) {
            throw new MalformedMessageException("invalid: not UTF-8", new Addressee.NotUtf8());
        }
        return new JsonCursor(utf8, from, to);
    }

    /// Another cursor over the same bytes, at an earlier or later position of this one.
    public JsonCursor from(int position) {
        return new JsonCursor(data, position, end);
    }

    /// Throws unless all from that position on is one JSON value. Whoever is sent what is not even JSON gets no
    /// answer that refers to a part of it, so readers that have failed ask this first.
    public void checkWhole(int position) throws MalformedMessageException {
        JsonCursor whole = from(position);
        whole.skipValue();
        whole.expectEnd();
    }

    public byte[] data() {
        return data;
    }

    public int position() {
        return at;
    }

    /// How many white space characters have been passed so far between values.
    public int blanks() {
        return blanks;
    }

    /// The first byte of what follows, behind white space; 0 at the end.
    public byte peek() {
        while (at < end && isBlank(data[at])) {
            at++;
            blanks++;
        }
        return at < end ? data[at] : 0;
    }

    public void take(char expected) throws MalformedMessageException {
        if (peek() != expected) {
            throw notJson("'" + expected + "' expected");
        }
        at++;
    }

    /// Begins an array or object; whether it has anything inside.
    public boolean open(char bracket, char closing) throws MalformedMessageException {
        take(bracket);
        if (peek() == closing) {
            at++;
            return false;
        }
        return true;
    }

    /// After a value inside an array or object: whether another one follows. At the end the bracket is taken.
    public boolean another(char closing) throws MalformedMessageException {
        byte next = peek();
        if (next != ',' && next != closing) {
            throw notJson("',' or '" + closing + "' expected");
        }
        at++;
        return next == ',';
    }

    public void expectEnd() throws MalformedMessageException {
        if (peek() != 0 || at < end) {
            throw notJson("end expected");
        }
    }

    /// Takes a string; what [#stringFrom()] and the like then say is about this one.
    public void takeString() throws MalformedMessageException {
        take('"');
        stringFrom = at;
        canonical = true;
        unpaired = false;
        int next = ByteScan.endOfPlain(data, at, end);
        while (next < end && data[next] == '\\') {
            next = ByteScan.endOfPlain(data, endOfEscape(next), end);
        }
        at = next;
        if (next == end || data[next] != '"') {
            throw notJson(next == end ? "string without end" : "control character in a string");
        }
        stringTo = at++;
    }

    /// Takes a string that can be had as text, which one with an unpaired surrogate cannot.
    public void takeText() throws MalformedMessageException {
        takeString();
        if (unpaired) {
            throw invalid("unpaired surrogate in a string");
        }
    }

    public String readText() throws MalformedMessageException {
        takeText();
        return text();
    }

    /// Takes an object's key and the colon.
    public String readKey() throws MalformedMessageException {
        String key = readText();
        take(':');
        return key;
    }

    /// Where the inside of the last string begins.
    public int stringFrom() {
        return stringFrom;
    }

    /// Where the inside of the last string ends.
    public int stringTo() {
        return stringTo;
    }

    /// The last string, its escapes resolved.
    public String text() {
        return JsonStrings.decode(data, stringFrom, stringTo);
    }

    /// Whether the last string was spelled canonically (see [JsonBuffer]).
    public boolean stringIsCanonical() {
        return canonical;
    }

    /// Whether the last string says this, which is ASCII and needs no escapes.
    public boolean stringEquals(String ascii) {
        if (!canonical) {
            return text().equals(ascii);
        }
        if (stringTo - stringFrom != ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (data[stringFrom + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Takes an integer in plain decimal digits: no fraction, no exponent, no leading zero, no -0. Beyond 64 bits it
    /// becomes the largest or smallest number there is.
    public long readInteger(String name) throws MalformedMessageException {
        boolean negative = peek() == '-';
        int from = negative ? at + 1 : at;
        int to = endOfDigits(from);
        boolean zeroLed = to > from && data[from] == '0';
        boolean fraction = to < end && (data[to] == '.' || data[to] == 'e' || data[to] == 'E');
        if (to == from || fraction || (zeroLed && (negative || to - from > 1))) {
            throw invalid(name + " is not an integer");
        }
        at = to;
        return Integers.saturated(data, from, to, negative);
    }

    /// Takes any value, checked for its grammar only.
    public void skipValue() throws MalformedMessageException {
        new JsonGrammar(this).skipValue(DEPTH);
    }

    /// Takes a word of ASCII letters.
    void takeWord(String word) throws MalformedMessageException {
        for (int i = 0; i < word.length(); i++, at++) {
            if (at == end || data[at] != word.charAt(i)) {
                throw notJson("value expected");
            }
        }
    }

    /// Takes any number, with fraction and exponent.
    void takeNumber() throws MalformedMessageException {
        int from = peek() == '-' ? at + 1 : at;
        int to = digits(from);
        if (data[from] == '0' && to - from > 1) {
            throw notJson("leading zero");
        }
        if (to < end && data[to] == '.') {
            to = digits(to + 1);
        }
        if (to < end && (data[to] == 'e' || data[to] == 'E')) {
            boolean signed = to + 1 < end && (data[to + 1] == '+' || data[to + 1] == '-');
            to = digits(to + (signed ? 2 : 1));
        }
        at = to;
    }

    private int digits(int from) throws MalformedMessageException {
        int to = endOfDigits(from);
        if (to == from) {
            throw notJson("value expected");
        }
        return to;
    }

    private int endOfDigits(int from) {
        int to = from;
        while (to < end && data[to] >= '0' && data[to] <= '9') {
            to++;
        }
        return to;
    }

    /// The position behind the escape sequence at `backslash`; notes whether it is canonical and has its surrogate
    /// pair.
    private int endOfEscape(int backslash) throws MalformedMessageException {
        int unit = Escapes.unicodeEscape(data, backslash, end);
        if (unit < 0) {
            at = backslash;
            if (backslash + 1 == end || Escapes.shortEscape(data[backslash + 1]) < 0) {
                throw notJson("unknown escape sequence");
            }
            canonical &= data[backslash + 1] != '/';
            return backslash + 2;
        }
        canonical &= unit < ' '
                && "\b\t\n\f\r".indexOf(unit) < 0
                && (data[backslash + 5] < 'A' || data[backslash + 5] > 'F');
        if (Escapes.isHigh(unit) && Escapes.isLow(Escapes.unicodeEscape(data, backslash + 6, end))) {
            return backslash + 12;
        }
        unpaired |= Escapes.isHigh(unit) || Escapes.isLow(unit);
        return backslash + 6;
    }

    private MalformedMessageException notJson(String text) {
        return invalid("not JSON: " + text + " at byte " + at);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
