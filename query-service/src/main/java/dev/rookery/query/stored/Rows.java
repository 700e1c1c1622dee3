package dev.rookery.query.stored;

import java.util.List;

/// Stored events by their keys.
///
/// @param through so many of the keys have been gone through; the others did not fit
public record Rows(int through, List<Row> rows) {

    /// @param key which of the keys
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
    public record Row(int key, byte[] json) {}
}
