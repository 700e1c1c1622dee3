package dev.rookery.message;

import static dev.rookery.json.MalformedMessageException.invalid;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.json.JsonCursor;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.json.MalformedMessageException.Addressee;
import java.util.HexFormat;
import java.util.List;

/// Reads what clients send: one JSON array, its first element the verb, case-sensitive. Elements beyond what a verb
/// needs
/// are checked to be JSON and left out. Safe between threads.
public final class ClientMessageReader {

    private final MessageBounds bounds;
    private final FilterReader filterReader;

    public ClientMessageReader(MessageBounds bounds) {
        this.bounds = bounds;
        this.filterReader = new FilterReader(bounds.filters());
    }

    public ClientMessage read(byte[] utf8, int from, int to) throws MalformedMessageException {
        JsonCursor cursor = JsonCursor.over(utf8, from, to);
        try {
            return read(cursor);
        } catch (MalformedMessageException e) {
            cursor.checkWhole(from);
            throw e;
        }
    }

    private ClientMessage read(JsonCursor cursor) throws MalformedMessageException {
        if (cursor.peek() != '[' || !cursor.open('[', ']') || cursor.peek() != '"') {
            throw invalid("message is not an array that begins with a verb");
        }
        return switch (cursor.readText()) {
            case "EVENT" -> new ClientMessage.Publish(readEvent(cursor));
            case "REQ" -> readSubscribe(cursor);
            case "CLOSE" -> readUnsubscribe(cursor);
            case "AUTH" -> new ClientMessage.Authenticate(readEvent(cursor));
            case "COUNT" -> readCount(cursor);
            case "NEG-OPEN" -> readNegOpen(cursor);
            case "NEG-MSG" -> readNegMessage(cursor);
            case "NEG-CLOSE" -> new ClientMessage.NegClose(readToEnd(cursor));
            default -> throw invalid("unknown verb");
        };
    }

    private static Event readEvent(JsonCursor cursor) throws MalformedMessageException {
        if (!cursor.another(']')) {
            throw invalid("message has no event");
        }
        Event event = EventReader.read(cursor);
        finish(cursor);
        return event;
    }

    private ClientMessage readSubscribe(JsonCursor cursor) throws MalformedMessageException {
        String subscription = readId(cursor);
        return new ClientMessage.Subscribe(
                subscription, readFilters(new Addressee.OfSubscription(subscription), cursor));
    }

    private ClientMessage readCount(JsonCursor cursor) throws MalformedMessageException {
        String query = readId(cursor);
        return new ClientMessage.Count(query, readFilters(new Addressee.OfQuery(query), cursor));
    }

    private ClientMessage readNegOpen(JsonCursor cursor) throws MalformedMessageException {
        String subscription = readId(cursor);
        try {
            if (!cursor.another(']')) {
                throw invalid("message has no filter");
            }
            Filter filter = filterReader.readOne(cursor);
            return new ClientMessage.NegOpen(subscription, filter, readHex(cursor));
        } catch (MalformedMessageException e) {
            throw e.to(new Addressee.OfReconciliation(subscription));
        }
    }

    private ClientMessage readNegMessage(JsonCursor cursor) throws MalformedMessageException {
        String subscription = readId(cursor);
        try {
            return new ClientMessage.NegMessage(subscription, readHex(cursor));
        } catch (MalformedMessageException e) {
            throw e.to(new Addressee.OfReconciliation(subscription));
        }
    }

    private static byte[] readHex(JsonCursor cursor) throws MalformedMessageException {
        if (!cursor.another(']') || cursor.peek() != '"') {
            throw invalid("message is not a string");
        }
        String hex = cursor.readText();
        finish(cursor);
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException other) {
            throw invalid("message is not hex");
        }
    }

    /// One that is too long cannot be open either, so it need not be told apart.
    private static ClientMessage readUnsubscribe(JsonCursor cursor) throws MalformedMessageException {
        return new ClientMessage.Unsubscribe(readToEnd(cursor));
    }

    private static String readToEnd(JsonCursor cursor) throws MalformedMessageException {
        String subscription = readString(cursor);
        finish(cursor);
        return subscription;
    }

    private List<Filter> readFilters(Addressee addressee, JsonCursor cursor) throws MalformedMessageException {
        try {
            if (!cursor.another(']')) {
                throw invalid("message has no filter");
            }
            List<Filter> filters = filterReader.readRest(cursor);
            cursor.expectEnd();
            return filters;
        } catch (MalformedMessageException e) {
            throw e.to(addressee);
        }
    }

    /// NIP-01: a subscription id "is an arbitrary, non-empty string of max length 64 chars".
    private String readId(JsonCursor cursor) throws MalformedMessageException {
        String id = readString(cursor);
        if (id.isEmpty() || id.codePointCount(0, id.length()) > bounds.subscriptionLength()) {
            throw invalid("subscription id is empty or longer than " + bounds.subscriptionLength() + " characters");
        }
        return id;
    }

    private static String readString(JsonCursor cursor) throws MalformedMessageException {
        if (!cursor.another(']') || cursor.peek() != '"') {
            throw invalid("subscription id is not a string");
        }
        return cursor.readText();
    }

    private static void finish(JsonCursor cursor) throws MalformedMessageException {
        while (cursor.another(']')) {
            cursor.skipValue();
        }
        cursor.expectEnd();
    }
}
