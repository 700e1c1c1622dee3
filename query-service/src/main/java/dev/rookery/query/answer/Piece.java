package dev.rookery.query.answer;

import java.util.List;

/// What one step of a request has found.
///
/// @param isLast the answer is complete
record Piece(List<byte[]> events, boolean isLast) {

    static final Piece NONE = new Piece(List.of(), false);

    boolean isWorthTelling() {
        return isLast || !events.isEmpty();
    }

    long size() {
        return events.stream().mapToLong(event -> event.length).sum();
    }
}
