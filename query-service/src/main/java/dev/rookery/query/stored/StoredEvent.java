package dev.rookery.query.stored;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.json.MalformedMessageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a row or a record of the log says of an event that was accepted.
public final class StoredEvent {

    private static final Logger log = LoggerFactory.getLogger(StoredEvent.class);

    private StoredEvent() {}

    /// Null when it is gone, or cannot be read.
    ///
    /// @param json null or empty for one that is gone
    public static @Nullable Event read(byte @Nullable [] json) {
        try {
            return json == null || json.length == 0 ? null : EventReader.readTrusted(json);
        } catch (MalformedMessageException malformed) {
            log.error("a stored event is not well formed: {}", malformed.reason());
            return null;
        }
    }
}
