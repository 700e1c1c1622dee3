package dev.rookery.message;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import java.util.List;

/// What a client asks of the relay in one WebSocket message.
public sealed interface ClientMessage {

    /// NIP-01 `EVENT`. Structure is good; id and signature are not checked.
    record Publish(Event event) implements ClientMessage {}

    /// NIP-01 `REQ`, with at least one filter.
    record Subscribe(String subscription, List<Filter> filters) implements ClientMessage {}

    /// NIP-01 `CLOSE`.
    record Unsubscribe(String subscription) implements ClientMessage {}

    /// NIP-42 `AUTH`. Structure is good; nothing else is checked.
    record Authenticate(Event event) implements ClientMessage {}

    /// NIP-45 `COUNT`, with at least one filter.
    record Count(String query, List<Filter> filters) implements ClientMessage {}

    /// NIP-77 `NEG-OPEN`.
    ///
    /// @param message the bytes that its hex stands for, unread
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
    record NegOpen(String subscription, Filter filter, byte[] message) implements ClientMessage {}

    /// NIP-77 `NEG-MSG`.
    @SuppressWarnings("ArrayRecordComponent")
    record NegMessage(String subscription, byte[] message) implements ClientMessage {}

    /// NIP-77 `NEG-CLOSE`.
    record NegClose(String subscription) implements ClientMessage {}
}
