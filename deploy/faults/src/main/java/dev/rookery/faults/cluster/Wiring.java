package dev.rookery.faults.cluster;

import dev.rookery.embedded.KafkaListener;
import dev.rookery.embedded.SuiteDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The settings with which each instance is started, which lead every connection of its through a proxy.
final class Wiring {

    static final String KAFKA = "kafka";
    static final String POSTGRES = "postgres";
    static final String REDIS = "redis";

    private static final String LOOPBACK = "127.0.0.1";

    private final Topology topology;
    private final Roads roads;
    private final Secrets secrets;

    /// What instances must know and others must not.
    record Secrets(String suite, String redis, String owner, String reader) {}

    Wiring(Topology topology, Roads roads, Secrets secrets) {
        this.topology = topology;
        this.roads = roads;
        this.secrets = secrets;
    }

    Map<String, String> settingsOf(Part part, String name) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("logging.level.root", "warn");
        settings.put("logging.level.dev.rookery", "info");
        settings.put("relay.secret", secrets.suite());
        settings.putAll(
                switch (part) {
                    case GATEWAY -> gateway(name);
                    case BROADCAST -> reader(name, "relay.broadcast");
                    case QUERY -> reader(name, "relay.query");
                    case INDEXER -> indexer(name);
                });
        settings.putAll(topology.settingsOf(part, name));
        return settings;
    }

    /// A door of the broker for each that uses it, so that each has a proxy of its own.
    List<KafkaListener> listeners() throws IOException {
        List<KafkaListener> listeners = new ArrayList<>();
        for (Part part : List.of(Part.values())) {
            for (String name : topology.instances(part)) {
                int advertised = roads.open(name, KAFKA, kafkaDoor(name)).port();
                String letters = name.toUpperCase(Locale.ROOT).replace("-", "");
                listeners.add(new KafkaListener(letters, roads.portOf(kafkaDoor(name)), advertised));
            }
        }
        return listeners;
    }

    private Map<String, String> gateway(String name) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("relay.gateway.id", name);
        settings.put("relay.gateway.actuator-address", LOOPBACK);
        settings.put("relay.gateway.actuator-port", Integer.toString(roads.portOf(name + "/actuator")));
        settings.put("relay.address", LOOPBACK);
        settings.put("relay.port", Integer.toString(roads.portOf(name)));
        settings.put("relay.limits.enabled", "false");
        settings.put("relay.links.query", links(name, Part.QUERY));
        settings.put("relay.links.broadcast", links(name, Part.BROADCAST));
        settings.putAll(kafka(name));
        settings.putAll(redis(name));
        return settings;
    }

    private Map<String, String> reader(String name, String prefix) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>(listensAt(name, prefix));
        settings.putAll(postgres(name, SuiteDatabase.READER, secrets.reader()));
        settings.putAll(kafka(name));
        return settings;
    }

    private Map<String, String> indexer(String name) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>(listensAt(name, "relay.indexer"));
        settings.putAll(postgres(name, SuiteDatabase.OWNER, secrets.owner()));
        settings.putAll(kafka(name));
        settings.putAll(redis(name));
        return settings;
    }

    private Map<String, String> listensAt(String name, String prefix) throws IOException {
        return Map.of(prefix + ".address", LOOPBACK, prefix + ".port", Integer.toString(roads.portOf(name)));
    }

    private Map<String, String> kafka(String name) throws IOException {
        return Map.of("relay.kafka.bootstrap-servers", through(name, KAFKA, kafkaDoor(name)));
    }

    private Map<String, String> redis(String name) throws IOException {
        return Map.of("relay.redis.url", "redis://:" + secrets.redis() + "@" + through(name, REDIS, REDIS));
    }

    private Map<String, String> postgres(String name, String role, String password) throws IOException {
        return Map.of(
                "relay.postgres.host", LOOPBACK,
                "relay.postgres.port",
                        Integer.toString(roads.open(name, POSTGRES, POSTGRES).port()),
                "relay.postgres.database", SuiteDatabase.NAME,
                "relay.postgres.user", role,
                "relay.postgres.password", password);
    }

    private String links(String name, Part part) throws IOException {
        List<String> addresses = new ArrayList<>();
        for (String target : topology.instances(part)) {
            addresses.add(through(name, target, target));
        }
        return String.join(",", addresses);
    }

    private String through(String from, String to, String door) throws IOException {
        return LOOPBACK + ":" + roads.open(from, to, door).port();
    }

    private static String kafkaDoor(String name) {
        return KAFKA + "/" + name;
    }
}
