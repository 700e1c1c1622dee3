package dev.rookery.query.stored;

import dev.rookery.link.LinkFrame.Placed;
import java.util.List;

/// Stored events by rising `seq`, those that are to be delivered.
///
/// @param through all up to this number has been gone through
public record RangeRows(long through, List<Placed> events) {}
