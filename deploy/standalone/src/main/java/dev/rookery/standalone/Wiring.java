package dev.rookery.standalone;

import dev.rookery.embedded.FreePort;
import dev.rookery.embedded.SuiteDatabase;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// The settings by which standalone joins the services: above all that an operator sets, for nothing else would work.
final class Wiring {

    private static final String LOOPBACK = "127.0.0.1";

    private final StandaloneProperties properties;
    private final Servers servers;
    private final String secret;
    private final Map<Service, Integer> ports = new EnumMap<>(Service.class);

    Wiring(StandaloneProperties properties, Servers servers, String secret) throws IOException {
        this.properties = properties;
        this.servers = servers;
        this.secret = secret;
        for (Service service : Service.all()) {
            ports.put(service, FreePort.orChosen(0));
        }
    }

    Map<String, Object> settingsOf(Service service) {
        Map<String, Object> settings = new HashMap<>(shared());
        settings.put("spring.config.name", service.module());
        settings.putAll(
                switch (service) {
                    case GATEWAY ->
                        Map.of(
                                "relay.links.query", addressOf(Service.QUERY),
                                "relay.links.broadcast", addressOf(Service.BROADCAST),
                                "relay.gateway.actuator-address", LOOPBACK,
                                "relay.gateway.actuator-port", portOf(service),
                                "relay.address", properties.address(),
                                "relay.port", properties.port());
                    case BROADCAST -> internal("relay.broadcast", service, SuiteDatabase.READER);
                    case QUERY -> internal("relay.query", service, SuiteDatabase.READER);
                    case INDEXER -> internal("relay.indexer", service, SuiteDatabase.OWNER);
                });
        return settings;
    }

    private Map<String, Object> shared() {
        return Map.of(
                "relay.secret",
                secret,
                "relay.kafka.bootstrap-servers",
                servers.bootstrapServers(),
                "relay.kafka.replication",
                1,
                "relay.redis.url",
                servers.redisUrl(),
                "relay.postgres.host",
                LOOPBACK,
                "relay.postgres.port",
                servers.database().port(),
                "relay.postgres.database",
                SuiteDatabase.NAME);
    }

    private Map<String, Object> internal(String prefix, Service service, String role) {
        return Map.of(
                prefix + ".address",
                LOOPBACK,
                prefix + ".port",
                portOf(service),
                "relay.postgres.user",
                role,
                "relay.postgres.password",
                servers.database().password(role));
    }

    private int portOf(Service service) {
        Integer port = ports.get(service);
        if (port == null) {
            throw new IllegalStateException("no port for " + service);
        }
        return port;
    }

    private String addressOf(Service service) {
        return LOOPBACK + ":" + portOf(service);
    }
}
