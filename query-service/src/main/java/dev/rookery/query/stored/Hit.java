package dev.rookery.query.stored;

import dev.rookery.query.plan.Key;

/// An event that a search has found, at the time of asking.
///
/// @param rank the higher, the better it fits
public record Hit(float rank, long seq, Key key) {}
