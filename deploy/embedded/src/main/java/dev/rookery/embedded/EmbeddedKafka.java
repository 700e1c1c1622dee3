package dev.rookery.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/// One Kafka broker and controller in this JVM, on loopback, without authentication.
///
/// It does not fsync: what it acknowledged survives the end of the process, not of the machine.
/// A fault that Kafka deems fatal ends the whole JVM, as it would a broker of its own.
public final class EmbeddedKafka implements EmbeddedServer {

    private static final int NODE = 1;
    private static final int DEDUPE_BUFFER_BYTES = 2 * 1024 * 1024;

    private final Path directory;
    private final int wantedPort;
    private final List<KafkaListener> listeners;
    private int port;
    private @Nullable DirectoryLock lock;
    private @Nullable KafkaRaftServer server;

    /// @param port 0 for any free one
    public EmbeddedKafka(Path directory, int port) {
        this(directory, port, List.of());
    }

    /// @param listeners further doors, beside that at `port`
    public EmbeddedKafka(Path directory, int port, List<KafkaListener> listeners) {
        this.directory = directory.toAbsolutePath();
        this.wantedPort = port;
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void start() throws IOException {
        lock = DirectoryLock.take(directory);
        try {
            port = FreePort.orChosen(wantedPort);
            KafkaConfig config = new KafkaConfig(settings(FreePort.orChosen(0)), false);
            format();
            server = new KafkaRaftServer(config, Time.SYSTEM);
            server.startup();
        } catch (IOException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    @Override
    public void close() {
        KafkaRaftServer running = server;
        if (running != null) {
            server = null;
            running.shutdown();
            running.awaitShutdown();
        }
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    private Path logDirectory() {
        return directory.resolve("log");
    }

    /// Leaves alone what is formatted already, so it may run at every start.
    private void format() throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(said, true, StandardCharsets.UTF_8))
                    .setClusterId(clusterId())
                    .setNodeId(NODE)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(logDirectory().toString())
                    .addDirectory(logDirectory().toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new ServerFailedException(
                    "Could not format " + directory + ": " + said.toString(StandardCharsets.UTF_8), failure);
        }
    }

    private String clusterId() throws IOException {
        Path file = directory.resolve("cluster-id");
        if (!Files.exists(file)) {
            Secret.writePrivately(file, Uuid.randomUuid().toString());
        }
        return Files.readString(file);
    }

    private Map<String, String> settings(int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE));
        // Voters by setting, not in the log, so that the controller's port may differ at each start.
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.putAll(KafkaListener.settings(port, controllerPort, listeners));
        settings.put("log.dirs", logDirectory().toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".num.partitions", "1");
            settings.put(topic + ".replication.factor", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        // After a kill the broker's old registration is waited out, and the default is 9 s.
        settings.put("broker.session.timeout.ms", "3000");
        // Half of it is how late a heartbeat may be before Kafka complains: on a busy machine it is late now and then.
        settings.put("broker.heartbeat.interval.ms", "1000");
        settings.put("num.network.threads", "1");
        settings.put("num.io.threads", "2");
        settings.put("background.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(DEDUPE_BUFFER_BYTES));
        return settings;
    }
}
