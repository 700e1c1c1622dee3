package dev.rookery.query.stored;

import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The connections of all views, which end with the process.
public record ViewPools(Views views, List<ConnectionPool> pools) implements AutoCloseable {

    public static ViewPools open(
            ViewServer primary,
            ViewProperties properties,
            Function<ViewServer, ConnectionPool> pool,
            MeterRegistry meters) {
        var bounds = new StoredView.Bounds(properties.connections() + properties.waiting(), properties.silence());
        List<ConnectionPool> pools = new ArrayList<>();
        pools.add(pool.apply(primary));
        StoredView first = new StoredView("primary", pools.getFirst(), bounds, meters);
        List<StoredView> replicas = new ArrayList<>();
        for (String address : properties.replicas()) {
            ConnectionPool replica = pool.apply(primary.at(address));
            pools.add(replica);
            replicas.add(new StoredView(address, replica, bounds, meters));
        }
        return new ViewPools(new Views(first, replicas, properties.behind()), List.copyOf(pools));
    }

    @Override
    public void close() {
        pools.forEach(ConnectionPool::dispose);
    }
}
