package dev.rookery.gateway.question;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterWriter;
import dev.rookery.gateway.link.Answer;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.order.Position;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// The store as all connections ask it. Thread-safe.
///
/// @param reached the latest position that this gateway has promised anything of: no answer comes from before it
/// @param patience for how long it is asked again while it cannot be reached
public record Store(QueryClient query, Supplier<Position> reached, Duration patience) {

    /// @param viewers the keys that the connection has proven
    /// @return the request's number
    int count(List<Filter> filters, Set<Bytes32> viewers, Answer answer) {
        return query.count(reached.get(), FilterWriter.write(filters), List.copyOf(viewers), answer);
    }

    int reconcile(Filter filter, Set<Bytes32> viewers, byte[] message, Answer answer) {
        return query.reconcile(
                reached.get(), FilterWriter.write(List.of(filter)), List.copyOf(viewers), message, answer);
    }
}
