package dev.rookery.faults.cluster;

import dev.rookery.faults.process.JavaProcess;
import dev.rookery.faults.process.Node;
import dev.rookery.faults.process.Running;
import dev.rookery.faults.process.Watchdog;
import dev.rookery.proxy.Proxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole suite as processes: its servers, its services, and a proxy between any two that talk to each other.
///
/// Nodes are `kafka`, `postgres`, `redis`, and `gateway-1`, `broadcast-1`, `query-1`, `indexer-1` and so on; what
/// each has said is in `output.log` of its directory.
public final class Cluster implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Cluster.class);
    private static final Duration READY_BOUND = Duration.ofMinutes(5);

    private final Topology topology;
    private final Path directory;
    private final Roads roads = new Roads();
    private final Probes probes = new Probes();
    private final Watchdog watchdog;
    private final Servers servers;
    private final SequencedMap<String, Node> nodes = new LinkedHashMap<>();

    /// @param directory for everything; what is there already is deleted, but for programs
    public Cluster(Topology topology, Path directory) throws IOException {
        this.topology = topology;
        this.directory = directory.toAbsolutePath();
        Servers.clear(this.directory);
        this.servers = new Servers(this.directory);
        this.watchdog = new Watchdog();
        Wiring wiring = new Wiring(topology, roads, servers.secrets());
        add(Wiring.KAFKA, () -> servers.kafka(roads.portOf(Wiring.KAFKA), wiring.listeners()));
        add(Wiring.POSTGRES, () -> servers.postgres(roads.portOf(Wiring.POSTGRES)));
        add(Wiring.REDIS, () -> servers.redis(roads.portOf(Wiring.REDIS)));
        for (Part part : Part.values()) {
            for (String name : topology.instances(part)) {
                List<String> command = new ArrayList<>(sharedClasses(part, name));
                command.addAll(command(part, wiring.settingsOf(part, name)));
                int actuator = actuator(name);
                add(name, () -> service(name, command, actuator));
            }
        }
    }

    /// Returns when everything is ready.
    public void start() throws Exception {
        // Else the services would hold up the servers that they wait for.
        inParallel(nodes.values().stream()
                .filter(Cluster::isServer)
                .<Callable<?>>map(node -> () -> started(node))
                .toList());
        heal();
    }

    public Node node(String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("No node " + name + ", but " + nodes.keySet());
        }
        return node;
    }

    /// What stands between two nodes, such as `gateway-1` and `kafka`.
    ///
    /// @param from who dials
    public Proxy between(String from, String to) {
        return roads.between(from, to);
    }

    /// All that something stands on, in the order of their names.
    public List<Road> roads() {
        return roads.names().stream()
                .sorted(Comparator.comparing(Road::from).thenComparing(Road::to))
                .toList();
    }

    /// Where clients connect, in the order of the gateways' numbers. Nothing stands between them and a gateway.
    public List<URI> gateways() throws IOException {
        List<URI> all = new ArrayList<>();
        for (String name : topology.instances(Part.GATEWAY)) {
            all.add(URI.create("ws://127.0.0.1:" + roads.portOf(name)));
        }
        return all;
    }

    /// The broker, with nothing before it.
    public String bootstrapServers() throws IOException {
        return "127.0.0.1:" + roads.portOf(Wiring.KAFKA);
    }

    /// What a server keeps is in here, and what a node says in `output.log`.
    public Path home(String name) {
        return directory.resolve(node(name).name());
    }

    /// The database, with nothing before it, for its superuser.
    public Connection database() throws IOException, SQLException {
        return servers.connect(roads.portOf(Wiring.POSTGRES));
    }

    /// What the instances that run now have measured, together; those that are ended have forgotten.
    ///
    /// @param which one, such as `indexer-1`, or all of a kind: `indexer`
    /// @param metric as Prometheus is told it, with all of its tags or with none
    public double measured(String which, String metric) throws IOException {
        double sum = 0;
        for (Node node : nodes.values()) {
            boolean meant = node.name().equals(which) || node.name().startsWith(which + "-");
            if (meant && node.isRunning()) {
                sum += probes.measured(actuator(node.name()), metric);
            }
        }
        return sum;
    }

    /// Deletes whatever Redis holds.
    public void emptyRedis() throws IOException {
        servers.emptyRedis(roads.portOf(Wiring.REDIS));
    }

    /// Undoes whatever was done: roads are open, frozen processes woken, ended ones started. Returns when all are
    /// ready.
    public void heal() throws Exception {
        long begin = System.nanoTime();
        for (Proxy proxy : roads.all()) {
            proxy.resume();
        }
        inParallel(nodes.values().stream()
                .<Callable<?>>map(node -> () -> started(node))
                .toList());
        for (Node node : nodes.values()) {
            node.awaitReady(READY_BOUND);
        }
        log.info("All ready after {} ms", (System.nanoTime() - begin) / 1_000_000);
    }

    /// Ends everything, those first that use others.
    @Override
    public void close() throws Exception {
        try (watchdog;
                probes;
                roads) {
            List<Node> users = nodes.sequencedValues().reversed().stream()
                    .filter(node -> !isServer(node))
                    .toList();
            inParallel(users.stream().<Callable<?>>map(node -> () -> end(node)).toList());
            inParallel(nodes.values().stream()
                    .filter(Cluster::isServer)
                    .<Callable<?>>map(node -> () -> end(node))
                    .toList());
        }
    }

    private static boolean isServer(Node node) {
        return List.of(Wiring.KAFKA, Wiring.POSTGRES, Wiring.REDIS).contains(node.name());
    }

    private static Node started(Node node) throws Exception {
        node.wake();
        node.start();
        return node;
    }

    private static Node end(Node node) throws IOException {
        node.close();
        return node;
    }

    private int actuator(String name) throws IOException {
        boolean apart = topology.instances(Part.GATEWAY).contains(name);
        return roads.portOf(apart ? name + "/actuator" : name);
    }

    private void add(String name, Node.Launch launch) {
        nodes.put(name, new Node(name, launch, watchdog));
    }

    /// What a JVM learns about classes is kept from one run to the next: by the first instance of each service, when it
    /// ends in order, for all of them.
    private List<String> sharedClasses(Part part, String name) {
        String archive = "-XX:SharedArchiveFile=" + servers.programs().resolve(part.module() + ".jsa");
        return name.equals(part.instance(1)) ? List.of(archive, "-XX:+AutoCreateSharedArchive") : List.of(archive);
    }

    private static List<String> command(Part part, Map<String, String> settings) {
        List<String> command = new ArrayList<>(List.of("-jar", part.jar().toString()));
        settings.forEach((name, value) -> command.add("--" + name + "=" + value));
        return command;
    }

    private Running service(String name, List<String> command, int actuator) throws IOException {
        return JavaProcess.start(directory.resolve(name), command, pid -> probes.isReady(actuator));
    }

    private static void inParallel(List<Callable<?>> actions) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> results = new ArrayList<>();
            for (Callable<?> action : actions) {
                results.add(threads.submit(action));
            }
            for (Future<?> result : results) {
                result.get();
            }
        }
    }
}
