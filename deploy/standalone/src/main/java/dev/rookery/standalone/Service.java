package dev.rookery.standalone;

import dev.rookery.broadcast.BroadcastService;
import dev.rookery.gateway.GatewayService;
import dev.rookery.indexer.IndexerService;
import dev.rookery.query.QueryService;
import java.util.EnumSet;
import java.util.Set;

/// A service of the suite, in the order in which they stop: first those that the world sees.
enum Service {
    GATEWAY(GatewayService.class, "gateway-service", "relay.gateway.actuator-port"),
    BROADCAST(BroadcastService.class, "broadcast-service", "relay.broadcast.port"),
    QUERY(QueryService.class, "query-service", "relay.query.port"),
    INDEXER(IndexerService.class, "indexer-service", "relay.indexer.port");

    private final Class<?> type;
    private final String module;
    private final String portSetting;

    Service(Class<?> type, String module, String portSetting) {
        this.type = type;
        this.module = module;
        this.portSetting = portSetting;
    }

    Class<?> type() {
        return type;
    }

    /// The name of its module, of its settings file, and as it is shown.
    String module() {
        return module;
    }

    /// Says where others of this machine reach it: services, and whoever looks at its metrics.
    String portSetting() {
        return portSetting;
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
