package dev.rookery.query.stored;

import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import reactor.core.Disposable;

/// The connections of all views, and what looks after views that do not answer; they end with the process.
public record ViewPools(Views views, List<ConnectionPool> pools, Disposable probes) implements AutoCloseable {

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
        Views views = new Views(first, replicas, properties.behind());
        return new ViewPools(views, List.copyOf(pools), views.probes().subscribe());
    }

    @Override
    public void close() {
        probes.dispose();
        pools.forEach(ConnectionPool::dispose);
    }
}
