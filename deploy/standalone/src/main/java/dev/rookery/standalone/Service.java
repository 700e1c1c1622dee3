package dev.rookery.standalone;

import dev.rookery.broadcast.BroadcastService;
import dev.rookery.gateway.GatewayService;
import dev.rookery.indexer.IndexerService;
import dev.rookery.query.QueryService;
import java.util.EnumSet;
import java.util.Set;

/// A service of the suite, in the order in which they stop: first those that the world sees.
enum Service {
    GATEWAY(GatewayService.class, "gateway-service"),
    BROADCAST(BroadcastService.class, "broadcast-service"),
    QUERY(QueryService.class, "query-service"),
    INDEXER(IndexerService.class, "indexer-service");

    private final Class<?> type;
    private final String module;

    Service(Class<?> type, String module) {
        this.type = type;
        this.module = module;
    }

    Class<?> type() {
        return type;
    }

    /// The name of its module, of its settings file, and as it is shown.
    String module() {
        return module;
    }

    static Set<Service> all() {
        return EnumSet.allOf(Service.class);
    }

    static Set<Service> behindTheGateway() {
        return EnumSet.complementOf(EnumSet.of(GATEWAY));
    }

    /// All but the one that makes the tables.
    static Set<Service> readers() {
        return EnumSet.complementOf(EnumSet.of(INDEXER));
    }
}
