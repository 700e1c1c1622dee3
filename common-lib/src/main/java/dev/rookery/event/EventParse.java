package dev.rookery.event;

import static dev.rookery.json.MalformedMessageException.invalid;
import static java.util.stream.Collectors.joining;

import dev.rookery.json.JsonBuffer;
import dev.rookery.json.JsonCursor;
import dev.rookery.json.JsonStrings;
import dev.rookery.json.MalformedMessageException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One event being read: first it is noted where each field is and whether it is spelled canonically already, then
/// the canonical form is put together from slices. It is never longer than what was sent.
final class EventParse {

    private final JsonCursor cursor;
    private final Set<String> unknown = new HashSet<>(0);
    private final Set<Field> missing = EnumSet.allOf(Field.class);

    private @Nullable Bytes32 id;
    private @Nullable Bytes32 pubkey;
    private long createdAt;
    private int kind;
    private int signatureFrom;
    private int tagsFrom;
    private int tagsTo;
    private boolean tagsCanonical;
    private int contentFrom;
    private int contentTo;
    private boolean contentCanonical;

    EventParse(JsonCursor cursor) {
        this.cursor = cursor;
    }

    Event read() throws MalformedMessageException {
        if (cursor.peek() != '{') {
            throw invalid("event is not an object");
        }
        if (cursor.open('{', '}')) {
            do {
                readField();
            } while (cursor.another('}'));
        }
        if (!missing.isEmpty() || id == null || pubkey == null) {
            throw invalid(missing.stream().map(field -> field.label).collect(joining(", ")) + " missing");
        }
        return new Event(new Event.Head(id, pubkey, createdAt, kind), canonicalForm(id, pubkey));
    }

    private void readField() throws MalformedMessageException {
        cursor.takeText();
        Field field = Field.named(cursor);
        boolean again = field == null ? !unknown.add(cursor.text()) : !missing.remove(field);
        if (again) {
            throw invalid("a field comes twice");
        }
        cursor.take(':');
        if (field == null) {
            cursor.skipValue();
        } else {
            readValue(field);
        }
    }

    private void readValue(Field field) throws MalformedMessageException {
        switch (field) {
            case ID -> id = readBytes32(field);
            case PUBKEY -> pubkey = readBytes32(field);
            case CREATED_AT -> createdAt = readNumber(field, Event.LATEST);
            case KIND -> kind = (int) readNumber(field, Kinds.HIGHEST);
            case TAGS -> readTags();
            case CONTENT -> readContent();
            case SIG -> readSignature();
        }
    }

    private Bytes32 readBytes32(Field field) throws MalformedMessageException {
        takeText(field.label);
        return Bytes32.parseHex(cursor.data(), cursor.stringFrom(), cursor.stringTo())
                .orElseThrow(() -> invalid(field.label + " is not 64 digits of lowercase hex"));
    }

    private void readSignature() throws MalformedMessageException {
        takeText("sig");
        signatureFrom = cursor.stringFrom();
        int to = cursor.stringTo();
        if (to - signatureFrom != CanonicalForm.SIGNATURE_DIGITS
                || !Hex.isLowercase(cursor.data(), signatureFrom, to)) {
            throw invalid("sig is not 128 digits of lowercase hex");
        }
    }

    private long readNumber(Field field, long highest) throws MalformedMessageException {
        long value = cursor.readInteger(field.label);
        if (value < 0 || value > highest) {
            throw invalid(field.label + " is not between 0 and " + highest);
        }
        return value;
    }

    private void readContent() throws MalformedMessageException {
        takeText("content");
        contentFrom = cursor.stringFrom();
        contentTo = cursor.stringTo();
        contentCanonical = cursor.stringIsCanonical();
    }

    private void readTags() throws MalformedMessageException {
        expect('[', "tags is not an array");
        tagsFrom = cursor.position();
        tagsCanonical = true;
        int blanks = cursor.blanks();
        if (cursor.open('[', ']')) {
            do {
                readTag();
            } while (cursor.another(']'));
        }
        tagsTo = cursor.position();
        tagsCanonical &= cursor.blanks() == blanks;
    }

    private void readTag() throws MalformedMessageException {
        expect('[', "a tag is not an array");
        if (!cursor.open('[', ']')) {
            throw invalid("a tag is empty");
        }
        do {
            takeText("a tag's element");
            tagsCanonical &= cursor.stringIsCanonical();
        } while (cursor.another(']'));
    }

    private void takeText(String name) throws MalformedMessageException {
        if (cursor.peek() != '"') {
            throw invalid(name + " is not a string");
        }
        cursor.takeText();
    }

    private void expect(char bracket, String otherwise) throws MalformedMessageException {
        if (cursor.peek() != bracket) {
            throw invalid(otherwise);
        }
    }

    private CanonicalForm canonicalForm(Bytes32 id, Bytes32 pubkey) {
        CanonicalWriter writer = new CanonicalWriter(tagsTo - tagsFrom + contentTo - contentFrom);
        writer.head(new Event.Head(id, pubkey, createdAt, kind));
        JsonBuffer json = writer.tags();
        if (tagsCanonical) {
            json.raw(cursor.data(), tagsFrom, tagsTo);
        } else {
            respellTags(json);
        }
        writer.content().raw('"');
        if (contentCanonical) {
            json.raw(cursor.data(), contentFrom, contentTo);
        } else {
            json.respelled(cursor.data(), contentFrom, contentTo);
        }
        json.raw('"');
        return writer.signature(cursor.data(), signatureFrom);
    }

    /// Copies brackets and commas, leaves out white space, and spells the strings anew.
    private void respellTags(JsonBuffer json) {
        byte[] data = cursor.data();
        for (int at = tagsFrom; at < tagsTo; at++) {
            if (data[at] == '"') {
                int to = JsonStrings.end(data, at + 1);
                json.raw('"').respelled(data, at + 1, to).raw('"');
                at = to;
            } else if (data[at] > ' ') {
                json.raw((char) data[at]);
            }
        }
    }
}
