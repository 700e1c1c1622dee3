package dev.rookery.embedded;

import java.io.IOException;

/// A server that lives in a directory: started at most once per object, again with a new object on the same
/// directory.
public sealed interface EmbeddedServer extends AutoCloseable permits EmbeddedKafka, EmbeddedPostgres, EmbeddedRedis {

    /// Returns when the server answers.
    ///
    /// @throws ServerFailedException when it does not within its bound, or another process uses the directory
    void start() throws IOException;

    /// Ends the server in an orderly way; forcibly when that takes longer than its bound. Harmless when not started.
    @Override
    void close();
}
