package dev.rookery.indexer.decision;

import dev.rookery.indexer.batch.Candidate;
import dev.rookery.order.Position;
import java.util.List;

/// What one committed transaction decided.
///
/// @param outboxRow where the transaction left what is to be told and emitted
/// @param at the last position given out when it committed
/// @param events in their order
/// @param failed records that are in the dead letters
public record Decided(long outboxRow, Position at, List<Judged> events, List<Candidate.Poisoned> failed) {

    public List<Judged> accepted() {
        return events.stream().filter(Judged::isAccepted).toList();
    }
}
