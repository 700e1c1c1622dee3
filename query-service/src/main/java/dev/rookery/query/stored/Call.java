package dev.rookery.query.stored;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;

/// One statement with its arguments, and how to read what it gives.
///
/// @param step names it in metrics
public record Call<T>(String step, String sql, List<Object> arguments, Function<ByteBuffer, T> reader) {}
