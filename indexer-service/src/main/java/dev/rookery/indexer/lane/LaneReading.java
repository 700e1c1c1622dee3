package dev.rookery.indexer.lane;

/// What one thread needs to read the lanes of one topic: which they are, how they are placed, and who is told how far
/// they are.
public record LaneReading(Lanes lanes, LanePlacement placement, GroupOffsets groupOffsets) {}
