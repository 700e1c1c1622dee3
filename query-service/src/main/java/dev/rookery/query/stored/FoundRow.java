package dev.rookery.query.stored;

import dev.rookery.query.plan.Scan.Found;
import org.jspecify.annotations.Nullable;

/// A key with its row.
///
/// @param json null when it did not fit; empty when the event is gone
@SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
public record FoundRow(Found found, byte @Nullable [] json) {}
