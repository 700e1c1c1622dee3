package dev.rookery.order;

import dev.rookery.event.Bytes32;

/// What an accepted event did to others; it travels with the event, so that no reader decides anything again.
public sealed interface Effect {

    /// One event is no longer stored.
    ///
    /// @param createdAt the removed event's own time, in seconds
    record Removed(Bytes32 id, long createdAt) implements Effect {}

    /// All that the author signed up to a time is gone, as are the gift wraps sent to that author up to then.
    ///
    /// @param upTo in seconds, inclusive
    record Vanished(Bytes32 author, long upTo) implements Effect {}
}
