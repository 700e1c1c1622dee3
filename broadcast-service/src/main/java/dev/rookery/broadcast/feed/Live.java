package dev.rookery.broadcast.feed;

import org.jspecify.annotations.Nullable;

/// What the feed holds of a position.
///
/// @param json the event; null when there is nothing to deliver, because it is gone or was not meant to be
@SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
record Live(byte @Nullable [] json) {

    long size() {
        return json == null ? 0 : json.length;
    }

    static Live of(boolean deliver, byte @Nullable [] json) {
        return new Live(deliver ? json : null);
    }
}
