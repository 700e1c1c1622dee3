package dev.rookery.query.plan;

import java.util.List;

/// One reading of some of the sources.
///
/// @param from  for each source the key to begin with
/// @param floor nothing older, in Unix seconds
/// @param chunk at most so many keys of each source
public record Scan(Sources sources, List<Start> from, long floor, int chunk) {

    public record Start(int source, Key key) {}

    /// @param start which of the starts it belongs to
    public record Found(int start, Key key) {}
}
