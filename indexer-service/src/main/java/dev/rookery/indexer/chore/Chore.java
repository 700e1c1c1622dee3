package dev.rookery.indexer.chore;

import java.time.Duration;

/// Something that is done again and again.
///
/// @param pause between the end of one time and the beginning of the next
public record Chore(String name, Duration pause, Runnable work) {}
