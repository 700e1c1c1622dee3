package dev.rookery.query.stored;

import dev.rookery.order.Position;

/// Something read from a view.
///
/// @param at the last position given out in the snapshot it was read from
public record Read<T>(Position at, T value) {}
