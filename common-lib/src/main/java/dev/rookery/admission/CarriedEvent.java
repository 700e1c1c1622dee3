package dev.rookery.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.json.JsonCursor;
import dev.rookery.json.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a repost carries in its content, read only to see whether its author has protected it. Any JSON object is an
/// event here, whatever is missing, wrong or too much in it: whoever shows the repost may be as lenient.
///
/// Of a field that comes twice each one counts, because readers differ in which they take. What stands behind the
/// object is not looked at.
final class CarriedEvent {

    /// Nobody reposts a repost of a repost so often. Each one is shorter than what it stands in, but there could be
    /// hundreds, each read again and again by those around it.
    private static final int MOST_LEVELS = 8;

    private final JsonCursor cursor;
    private final List<String> contents = new ArrayList<>(1);
    private boolean isRepost;
    private boolean isProtected;

    private CarriedEvent(JsonCursor cursor) {
        this.cursor = cursor;
    }

    /// NIP-18: kinds 6 and 16 hold the JSON of what is reposted.
    static boolean isRepost(double kind) {
        return kind == 6 || kind == 16;
    }

    /// Whether it is protected, or is a repost that carries what is. What lies deeper than anybody looks counts as
    /// protected.
    static boolean isProtected(String content) {
        return isProtected(content, MOST_LEVELS);
    }

    private static boolean isProtected(String content, int levels) {
        if (levels == 0) {
            return true;
        }
        CarriedEvent event = read(content);
        return event != null
                && (event.isProtected
                        || (event.isRepost
                                && event.contents.stream().anyMatch(inner -> isProtected(inner, levels - 1))));
    }

    /// Null for what is no JSON object.
    private static @Nullable CarriedEvent read(String content) {
        byte[] utf8 = content.getBytes(UTF_8);
        try {
            CarriedEvent event = new CarriedEvent(JsonCursor.over(utf8, 0, utf8.length));
            event.read();
            return event;
        } catch (MalformedMessageException none) {
            return null;
        }
    }

    private void read() throws MalformedMessageException {
        if (cursor.open('{', '}')) {
            do {
                readField();
            } while (cursor.another('}'));
        }
    }

    private void readField() throws MalformedMessageException {
        cursor.takeString();
        String name = cursor.text();
        cursor.take(':');
        byte first = cursor.peek();
        if (name.equals("tags") && first == '[') {
            readTags();
        } else if (name.equals("content") && first == '"') {
            cursor.takeString();
            contents.add(cursor.text());
        } else if (name.equals("kind") && (first == '-' || (first >= '0' && first <= '9'))) {
            readKind();
        } else {
            passOver();
        }
    }

    /// To many readers 6, 6.0 and 60e-1 are the same.
    private void readKind() throws MalformedMessageException {
        int from = cursor.position();
        cursor.skipValue();
        String number = new String(cursor.data(), from, cursor.position() - from, UTF_8);
        isRepost |= isRepost(Double.parseDouble(number));
    }

    private void readTags() throws MalformedMessageException {
        if (cursor.open('[', ']')) {
            do {
                isProtected |= isProtection();
            } while (cursor.another(']'));
        }
    }

    /// NIP-70: whether the next of the tags has the name `-`.
    private boolean isProtection() throws MalformedMessageException {
        if (cursor.peek() != '[') {
            passOver();
            return false;
        }
        boolean named = false;
        if (cursor.open('[', ']')) {
            boolean isText = cursor.peek() == '"';
            passOver();
            named = isText && cursor.stringEquals("-");
            while (cursor.another(']')) {
                passOver();
            }
        }
        return named;
    }

    /// Passes over a value. Its brackets are counted only, so that they may be as deep as they like.
    private void passOver() throws MalformedMessageException {
        int open = 0;
        do {
            byte next = cursor.peek();
            switch (next) {
                case '"' -> cursor.takeString();
                case '{', '[' -> {
                    cursor.take((char) next);
                    open++;
                }
                case '}', ']' -> {
                    cursor.take((char) next);
                    open--;
                }
                case ',', ':' -> cursor.take((char) next);
                default -> cursor.skipValue();
            }
        } while (open > 0);
    }
}
