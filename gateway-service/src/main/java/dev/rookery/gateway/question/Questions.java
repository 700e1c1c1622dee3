package dev.rookery.gateway.question;

import dev.rookery.event.Bytes32;
import dev.rookery.gateway.connection.Outbound;
import java.util.Set;
import java.util.function.Supplier;

/// All that one connection asks the store beside its subscriptions.
public record Questions(Counts counts, Reconciliations reconciliations) {

    /// @param viewers the keys that the connection has proven
    public Questions(Store store, Outbound out, Supplier<Set<Bytes32>> viewers) {
        this(new Counts(store, out, viewers), new Reconciliations(store, out, viewers));
    }

    /// How many are under way.
    public int open() {
        return counts.open() + reconciliations.open();
    }

    public void closeAll() {
        counts.closeAll();
        reconciliations.closeAll();
    }
}
