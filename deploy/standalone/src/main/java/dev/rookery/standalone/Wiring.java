package dev.rookery.standalone;

import dev.rookery.embedded.FreePort;
import dev.rookery.embedded.SuiteDatabase;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.context.reactive.StandardReactiveWebEnvironment;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;

/// The settings by which standalone joins the services: above all that an operator sets, for nothing else would work.
/// Only the ports are as set, where they are.
final class Wiring {

    private static final String LOOPBACK = "127.0.0.1";

    private final StandaloneProperties properties;
    private final ConfigurableEnvironment environment;
    private final Map<Service, String> ports;
    private final Stores stores;
    private final String secret;

    /// Before anything runs: as much of it as can be known, to see whether the services can take what the operator has
    /// set.
    ///
    /// @param environment what the operator has set, and standalone's own file
    static Wiring toCome(StandaloneProperties properties, ConfigurableEnvironment environment) throws IOException {
        Map<Service, String> ports = new EnumMap<>(Service.class);
        for (Service service : Service.all()) {
            ports.put(service, port(service, environment));
        }
        return new Wiring(properties, environment, ports, Stores.TO_COME, "made with the data directory");
    }

    private static String port(Service service, ConfigurableEnvironment environment) throws IOException {
        String set = Binder.get(environment)
                .bind(service.portSetting(), String.class)
                .orElse("0");
        return set.equals("0") ? Integer.toString(FreePort.orChosen(0)) : set;
    }

    private Wiring(
            StandaloneProperties properties,
            ConfigurableEnvironment environment,
            Map<Service, String> ports,
            Stores stores,
            String secret) {
        this.properties = properties;
        this.environment = environment;
        this.ports = ports;
        this.stores = stores;
        this.secret = secret;
    }

    /// The same, now that the servers run.
    Wiring upon(Stores running, String madeSecret) {
        return new Wiring(properties, environment, ports, running, madeSecret);
    }

    /// Standalone's sources, with the wiring above them. The service's own file comes beneath, as it starts.
    ConfigurableEnvironment environmentOf(Service service) {
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
        settings.put(service.portSetting(), portOf(service));
        settings.putAll(
                switch (service) {
                    case GATEWAY ->
                        Map.of(
                                "relay.links.query", addressOf(Service.QUERY),
                                "relay.links.broadcast", addressOf(Service.BROADCAST),
                                "relay.gateway.actuator-address", LOOPBACK,
                                "relay.address", properties.address(),
                                "relay.port", properties.port());
                    case BROADCAST -> internal("relay.broadcast", SuiteDatabase.READER);
                    case QUERY -> internal("relay.query", SuiteDatabase.READER);
                    case INDEXER -> internal("relay.indexer", SuiteDatabase.OWNER);
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

    private Map<String, Object> internal(String prefix, String role) {
        return Map.of(
                prefix + ".address",
                LOOPBACK,
                "relay.postgres.user",
                role,
                "relay.postgres.password",
                Objects.requireNonNull(stores.passwords().get(role)));
    }

    private String portOf(Service service) {
        return Objects.requireNonNull(ports.get(service));
    }

    private String addressOf(Service service) {
        return LOOPBACK + ":" + portOf(service);
    }
}
