package dev.rookery.gateway.publish;

import dev.rookery.link.LinkFrame.Question;
import dev.rookery.link.LinkFrame.Statuses;
import dev.rookery.order.Position;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Whoever can tell what became of logged events: query-service.
@FunctionalInterface
public interface StatusSource {

    /// Fails with `LinkFailure` when it cannot be told.
    ///
    /// @param atLeast the answer comes from a snapshot at or after this position
    CompletableFuture<Statuses> ask(Position atLeast, List<Question> questions);
}
