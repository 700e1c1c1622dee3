package dev.rookery.standalone;

import dev.rookery.embedded.FreePort;
import dev.rookery.embedded.SuiteDatabase;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.web.context.reactive.StandardReactiveWebEnvironment;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;

/// The settings by which standalone joins the services: above all that an operator sets, for nothing else would work.
final class Wiring {

    private static final String LOOPBACK = "127.0.0.1";

    private final StandaloneProperties properties;
    private final Stores stores;
    private final String secret;
    private final Map<Service, Integer> ports = new EnumMap<>(Service.class);

    /// Before anything runs, to see whether the services can take what the operator has set.
    static Wiring toCome(StandaloneProperties properties) throws IOException {
        return new Wiring(properties, Stores.TO_COME, "made with the data directory");
    }

    Wiring(StandaloneProperties properties, Stores stores, String secret) throws IOException {
        this.properties = properties;
        this.stores = stores;
        this.secret = secret;
        for (Service service : Service.all()) {
            ports.put(service, FreePort.orChosen(0));
        }
    }

    /// Standalone's sources, with the wiring above them. The service's own file comes beneath, as it starts.
    ///
    /// @param environment what the operator has set, and standalone's own file
    ConfigurableEnvironment environmentOf(Service service, ConfigurableEnvironment environment) {
        ConfigurableEnvironment own = new StandardReactiveWebEnvironment();
        MutablePropertySources sources = own.getPropertySources();
        sources.addFirst(new MapPropertySource("standalone", settingsOf(service)));
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (!sources.contains(source.getName())) {
                sources.addLast(source);
            }
        }
        return own;
    }

    private Map<String, Object> settingsOf(Service service) {
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
                stores.bootstrapServers(),
                "relay.kafka.replication",
                1,
                "relay.redis.url",
                stores.redisUrl(),
                "relay.postgres.host",
                LOOPBACK,
                "relay.postgres.port",
                stores.postgresPort(),
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
                stores.passwords().get(role));
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
