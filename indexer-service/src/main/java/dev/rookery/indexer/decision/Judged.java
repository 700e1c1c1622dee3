package dev.rookery.indexer.decision;

import dev.rookery.indexer.batch.Candidate;
import dev.rookery.order.Decision;
import dev.rookery.order.Effect;
import dev.rookery.order.Position;
import java.util.List;

/// One event with its decision.
///
/// @param position of an accepted event; `Position.NONE` for others
/// @param effects of an accepted event on others
public record Judged(Candidate.Sound candidate, Decision decision, Position position, List<Effect> effects) {

    public boolean isAccepted() {
        return decision == Decision.ACCEPTED;
    }
}
