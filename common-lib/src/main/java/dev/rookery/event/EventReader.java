package dev.rookery.event;

import dev.rookery.json.JsonCursor;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.json.MalformedMessageException.Addressee;
import java.util.Optional;

/// Reads events, strictly: whatever comes out has the structure of NIP-01. Neither id nor signature is checked.
///
/// NIP-01: "id", "pubkey" and "sig" are lowercase hex, "created_at" and "kind" integers, "tags" arrays of strings,
/// "content"
/// a string. Other fields are checked to be JSON and left out. No key may come twice, because readers differ in which
/// one
/// counts.
public final class EventReader {

    private EventReader() {}

    public static Event read(byte[] utf8) throws MalformedMessageException {
        return read(utf8, 0, utf8.length);
    }

    /// Reads what this suite has written itself. The canonical form is taken as it stands, without a copy, and what is
    /// in its strings is believed; anything else is read strictly.
    ///
    /// @param utf8 never to be modified afterwards
    public static Event readTrusted(byte[] utf8) throws MalformedMessageException {
        Event event = CanonicalReader.read(utf8);
        return event == null ? read(utf8) : event;
    }

    /// @throws MalformedMessageException addressed to the event if it is JSON and has an id to refer to, else to
    /// nobody
    public static Event read(byte[] utf8, int from, int to) throws MalformedMessageException {
        JsonCursor cursor = JsonCursor.over(utf8, from, to);
        try {
            Event event = read(cursor);
            cursor.expectEnd();
            return event;
        } catch (MalformedMessageException e) {
            cursor.checkWhole(from);
            throw e;
        }
    }

    /// Takes the event at the cursor. If it is not one, but JSON and has an id to refer to, that is the addressee;
    /// where the
    /// cursor is then left is not said.
    public static Event read(JsonCursor cursor) throws MalformedMessageException {
        int start = cursor.position();
        try {
            return new EventParse(cursor).read();
        } catch (MalformedMessageException e) {
            throw usableId(cursor.from(start))
                    .map(id -> e.to(new Addressee.OfEvent(id.toString())))
                    .orElse(e);
        }
    }

    /// The first `id` of an object that is good JSON throughout.
    private static Optional<Bytes32> usableId(JsonCursor cursor) {
        Optional<Bytes32> id = Optional.empty();
        try {
            if (cursor.open('{', '}')) {
                do {
                    cursor.takeString();
                    boolean named = id.isEmpty() && cursor.stringEquals("id");
                    cursor.take(':');
                    if (named && cursor.peek() == '"') {
                        cursor.takeString();
                        id = Bytes32.parseHex(cursor.data(), cursor.stringFrom(), cursor.stringTo());
                    } else {
                        cursor.skipValue();
                    }
                } while (cursor.another('}'));
            }
            return id;
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }
}
