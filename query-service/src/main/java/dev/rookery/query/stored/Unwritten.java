package dev.rookery.query.stored;

import dev.rookery.link.LinkFrame.Placed;
import java.util.List;

/// Events that have no words in the index yet.
///
/// @param indexed so far the index goes
/// @param through all that has a text between these two is here
public record Unwritten(long indexed, long through, List<Placed> events) {}
