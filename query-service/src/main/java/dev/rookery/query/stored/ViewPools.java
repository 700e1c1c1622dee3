package dev.rookery.query.stored;

import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.util.ArrayList;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.netty.resources.LoopResources;

/// The connections of all views, and what looks after views that do not answer; they end with the process.
///
/// @param views    for requests
/// @param order    the same once more, for what is asked of the order itself: requests can neither take its
///     connections nor be too many for it
/// @param followed the primary once more, for what follows it, likewise
public record ViewPools(Views views, Views order, StoredView followed, List<ConnectionPool> pools, Disposable probes)
        implements AutoCloseable {

    /// For statuses, ranges, and whether there is anybody to ask.
    private static final int ORDER = 3;

    /// To be told how far it is, and to load from it meanwhile.
    private static final int FOLLOWING = 2;

    public static ViewPools open(
            ViewServer primary, ViewProperties properties, LoopResources loops, MeterRegistry meters) {
        var opening = new Opening(primary, properties, loops, meters, new ArrayList<>());
        Views views = opening.views("", properties.connections());
        Views order = opening.views("-order", ORDER);
        StoredView followed = opening.view(primary, "primary-followed", FOLLOWING);
        Disposable probes = Flux.merge(views.probes(), order.probes()).subscribe();
        return new ViewPools(views, order, followed, List.copyOf(opening.pools), probes);
    }

    /// @param pools those that have been opened
    private record Opening(
            ViewServer primary,
            ViewProperties properties,
            LoopResources loops,
            MeterRegistry meters,
            List<ConnectionPool> pools) {

        Views views(String suffix, int connections) {
            StoredView first = view(primary, "primary" + suffix, connections);
            List<StoredView> replicas = properties.replicas().stream()
                    .map(address -> view(primary.at(address), address + suffix, connections))
                    .toList();
            return new Views(first, replicas, properties.behind());
        }

        StoredView view(ViewServer server, String name, int connections) {
            var bounds = new StoredView.Bounds(properties.connections() + properties.waiting(), properties.silence());
            pools.add(ViewConnections.pool(server, properties.withConnections(connections), loops));
            return new StoredView(name, pools.getLast(), bounds, meters);
        }
    }

    @Override
    public void close() {
        probes.dispose();
        pools.forEach(ConnectionPool::dispose);
    }
}
