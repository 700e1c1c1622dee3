package dev.rookery.query.answer;

import reactor.core.publisher.Mono;

/// An answer that is given piece by piece, as fast as its reader takes it. No connection to the database is held
/// between.
public interface PagedAnswer extends AutoCloseable {

    /// The next part, of at most so many bytes of events unless a single one is larger. Asked for again only when the
    /// last one has been given, and never after the last part; fails with `QueryFailure`.
    Mono<Part> next(long bytes);

    /// Whether the next part waits until the pages of other answers have come, where these need all the room: not where
    /// it is at hand, nor where many wait for this one answer.
    default boolean waitsForPages() {
        return true;
    }

    /// Nothing more of it is asked for. On any thread.
    @Override
    default void close() {}
}
