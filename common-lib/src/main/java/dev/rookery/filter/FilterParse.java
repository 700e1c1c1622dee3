package dev.rookery.filter;

import static dev.rookery.json.MalformedMessageException.invalid;
import static dev.rookery.json.MalformedMessageException.unsupported;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Kinds;
import dev.rookery.event.Tag;
import dev.rookery.json.JsonCursor;
import dev.rookery.json.MalformedMessageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One filter being read.
final class FilterParse {

    private final JsonCursor cursor;
    private final FilterBounds bounds;
    private final Set<String> seen = new HashSet<>();

    private @Nullable List<Bytes32> ids;
    private @Nullable List<Bytes32> authors;
    private @Nullable List<Integer> kinds;
    private final Map<String, List<String>> tags = new LinkedHashMap<>();
    private long since = Long.MIN_VALUE;
    private long until = Long.MAX_VALUE;
    private OptionalInt limit = OptionalInt.empty();
    private Optional<String> search = Optional.empty();

    FilterParse(JsonCursor cursor, FilterBounds bounds) {
        this.cursor = cursor;
        this.bounds = bounds;
    }

    Filter read() throws MalformedMessageException {
        if (cursor.peek() != '{') {
            throw invalid("filter is not an object");
        }
        if (cursor.open('{', '}')) {
            do {
                String key = cursor.readKey();
                if (!seen.add(key)) {
                    throw invalid("a filter's element comes twice");
                }
                readValue(key);
            } while (cursor.another('}'));
        }
        return new Filter(ids, authors, kinds, tags, since, until, limit, search);
    }

    private void readValue(String key) throws MalformedMessageException {
        switch (key) {
            case "ids" -> ids = readKeys(key);
            case "authors" -> authors = readKeys(key);
            case "kinds" -> kinds = readKinds();
            case "since" -> since = cursor.readInteger(key);
            case "until" -> until = cursor.readInteger(key);
            case "limit" -> limit = OptionalInt.of(readLimit());
            case "search" -> search = Optional.of(readText(key));
            default -> readTag(key);
        }
    }

    /// NIP-01: "The ids, authors, #e and #p filter lists MUST contain exact 64-character lowercase hex values."
    private List<Bytes32> readKeys(String name) throws MalformedMessageException {
        return readList(name, bounds.keys(), () -> {
            takeText(name);
            return Bytes32.parseHex(cursor.data(), cursor.stringFrom(), cursor.stringTo())
                    .orElseThrow(() -> notHex(name));
        });
    }

    /// Integers that are no kind are legal and match nothing, so they are left out and the list stays.
    private List<Integer> readKinds() throws MalformedMessageException {
        List<Long> numbers = readList("kinds", bounds.keys(), () -> cursor.readInteger("kinds"));
        return numbers.stream()
                .filter(number -> number >= 0 && number <= Kinds.HIGHEST)
                .map(Long::intValue)
                .toList();
    }

    private int readLimit() throws MalformedMessageException {
        long value = cursor.readInteger("limit");
        if (value < 0) {
            throw invalid("limit is negative");
        }
        return (int) Math.min(value, Integer.MAX_VALUE);
    }

    private void readTag(String key) throws MalformedMessageException {
        if (key.length() != 2 || key.charAt(0) != '#' || !Tag.isLetter(key.charAt(1))) {
            throw unsupported("filter contains unknown elements");
        }
        boolean hex = key.equals("#e") || key.equals("#p");
        tags.put(key.substring(1), readList(key, bounds.tagValues(), () -> {
            String value = readText(key);
            if (hex && Bytes32.parseHex(value).isEmpty()) {
                throw notHex(key);
            }
            return value;
        }));
    }

    private <T> List<T> readList(String name, int bound, Element<T> element) throws MalformedMessageException {
        if (cursor.peek() != '[') {
            throw invalid(name + " is not an array");
        }
        List<T> values = new ArrayList<>();
        if (cursor.open('[', ']')) {
            do {
                if (values.size() == bound) {
                    throw invalid("more than " + bound + " values in " + name);
                }
                values.add(element.read());
            } while (cursor.another(']'));
        }
        return values;
    }

    private String readText(String name) throws MalformedMessageException {
        takeText(name);
        return cursor.text();
    }

    private void takeText(String name) throws MalformedMessageException {
        if (cursor.peek() != '"') {
            throw invalid(name + " is not a string");
        }
        cursor.takeText();
    }

    private static MalformedMessageException notHex(String name) {
        return invalid(name + " is not 64 digits of lowercase hex");
    }

    private interface Element<T> {
        T read() throws MalformedMessageException;
    }
}
