package dev.rookery.query.stored;

import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.util.ArrayList;
import java.util.List;
import reactor.core.Disposable;
import reactor.netty.resources.LoopResources;

/// The connections of all views, and what looks after views that do not answer; they end with the process.
///
/// @param followed the primary once more, for what follows it: requests can neither take its connections nor be too
///     many for it
public record ViewPools(Views views, StoredView followed, List<ConnectionPool> pools, Disposable probes)
        implements AutoCloseable {

    /// To be told how far it is, and to load from it meanwhile.
    private static final int FOLLOWING = 2;

    public static ViewPools open(
            ViewServer primary, ViewProperties properties, LoopResources loops, MeterRegistry meters) {
        var bounds = new StoredView.Bounds(properties.connections() + properties.waiting(), properties.silence());
        List<ConnectionPool> pools = new ArrayList<>();
        List<StoredView> replicas = new ArrayList<>();
        pools.add(ViewConnections.pool(primary, properties, loops));
        StoredView first = new StoredView("primary", pools.getLast(), bounds, meters);
        pools.add(ViewConnections.pool(primary, properties.withConnections(FOLLOWING), loops));
        StoredView followed = new StoredView("primary-followed", pools.getLast(), bounds, meters);
        for (String address : properties.replicas()) {
            pools.add(ViewConnections.pool(primary.at(address), properties, loops));
            replicas.add(new StoredView(address, pools.getLast(), bounds, meters));
        }
        Views views = new Views(first, replicas, properties.behind());
        return new ViewPools(views, followed, List.copyOf(pools), views.probes().subscribe());
    }

    @Override
    public void close() {
        probes.dispose();
        pools.forEach(ConnectionPool::dispose);
    }
}
