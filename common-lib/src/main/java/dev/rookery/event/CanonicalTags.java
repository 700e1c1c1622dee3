package dev.rookery.event;

import dev.rookery.json.JsonBuffer;
import dev.rookery.json.JsonStrings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A walk over tags in canonical form, `[["e","…"],["t"]]`, which is known to be good. Nothing is decoded unless
/// asked for.
final class CanonicalTags {

    private final byte[] json;
    private int at;

    /// @param bracket where the opening bracket of all tags is
    CanonicalTags(byte[] json, int bracket) {
        this.json = json;
        this.at = bracket + 1;
    }

    /// The value of the first tag of that name which has one, decoded; null if there is none. With `nameOnly`, a
    /// first tag of the name without a value ends the search too.
    @Nullable
    String firstValue(byte[] name, boolean nameOnly) {
        while (json[at] != ']') {
            int nameFrom = nextTag();
            int nameTo = JsonStrings.end(json, nameFrom);
            boolean valued = json[nameTo + 1] == ',';
            if ((valued || nameOnly) && Arrays.equals(json, nameFrom, nameTo, name, 0, name.length)) {
                int from = nameTo + 3;
                return valued ? JsonStrings.decode(json, from, JsonStrings.end(json, from)) : null;
            }
            at = nameTo;
            skipElements();
        }
        return null;
    }

    /// Whether a tag has that name.
    boolean hasName(byte[] name) {
        while (json[at] != ']') {
            int from = nextTag();
            at = JsonStrings.end(json, from);
            if (Arrays.equals(json, from, at, name, 0, name.length)) {
                return true;
            }
            skipElements();
        }
        return false;
    }

    /// A tag name as it stands between the quotes.
    static byte[] spelled(String name) {
        byte[] quoted = new JsonBuffer(name.length() + 2).string(name).toBytes();
        return Arrays.copyOfRange(quoted, 1, quoted.length - 1);
    }

    List<Tag> decode() {
        List<Tag> tags = new ArrayList<>();
        List<String> elements = new ArrayList<>();
        while (json[at] != ']') {
            int from = nextTag();
            at = JsonStrings.end(json, from);
            elements.add(JsonStrings.decode(json, from, at));
            while (json[at + 1] == ',') {
                from = at + 3;
                at = JsonStrings.end(json, from);
                elements.add(JsonStrings.decode(json, from, at));
            }
            at += 2;
            tags.add(new Tag(elements));
            elements.clear();
        }
        return List.copyOf(tags);
    }

    /// What is a key among the values of all tags of that name.
    Set<Bytes32> keys(byte[] name) {
        Set<Bytes32> keys = new HashSet<>();
        while (json[at] != ']') {
            int nameFrom = nextTag();
            int nameTo = JsonStrings.end(json, nameFrom);
            if (json[nameTo + 1] == ',' && Arrays.equals(json, nameFrom, nameTo, name, 0, name.length)) {
                int from = nameTo + 3;
                Bytes32.parseHex(json, from, JsonStrings.end(json, from)).ifPresent(keys::add);
            }
            at = nameTo;
            skipElements();
        }
        return keys;
    }

    int count() {
        int count = 0;
        while (json[at] != ']') {
            at = JsonStrings.end(json, nextTag());
            skipElements();
            count++;
        }
        return count;
    }

    /// From behind a tag, or from the beginning, to the inside of the next tag's first string.
    private int nextTag() {
        return at + (json[at] == ',' ? 3 : 2);
    }

    /// From the closing quote of an element to behind the tag.
    private void skipElements() {
        while (json[at + 1] == ',') {
            at = JsonStrings.end(json, at + 3);
        }
        at += 2;
    }
}
