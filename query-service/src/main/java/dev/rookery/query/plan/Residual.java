package dev.rookery.query.plan;

import dev.rookery.event.Bytes32;
import java.util.List;
import java.util.Optional;

/// The conditions of a filter that its sources do not know, to be asked of each row.
///
/// @param tags for each further tag name the hashes of its values, one of which the event must have
public record Residual(Optional<List<Bytes32>> authors, Optional<List<Integer>> kinds, List<List<Long>> tags) {

    public static final Residual NONE = new Residual(Optional.empty(), Optional.empty(), List.of());

    public boolean isNone() {
        return authors.isEmpty() && kinds.isEmpty() && tags.isEmpty();
    }
}
