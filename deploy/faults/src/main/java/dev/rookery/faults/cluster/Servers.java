package dev.rookery.faults.cluster;

import dev.rookery.embedded.ChildProcess;
import dev.rookery.embedded.Directories;
import dev.rookery.embedded.EmbeddedPostgres;
import dev.rookery.embedded.EmbeddedRedis;
import dev.rookery.embedded.EmbeddedServer;
import dev.rookery.embedded.KafkaListener;
import dev.rookery.embedded.KafkaProcess;
import dev.rookery.embedded.Secret;
import dev.rookery.embedded.SuiteDatabase;
import dev.rookery.faults.process.JavaProcess;
import dev.rookery.faults.process.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Starts each server as a process of its own: always in the same directory and on the same port.
final class Servers {

    /// PostgreSQL's programs, which take long to unpack.
    private static final String SOFTWARE = "software";

    /// What the JVM keeps about programs.
    private static final String PROGRAMS = "programs";

    private static final int ANSWER_MILLIS = 10_000;

    private final Path directory;
    private final String secret;

    /// @param directory emptied by who calls
    Servers(Path directory) throws IOException {
        this.directory = directory;
        for (String server : List.of(PROGRAMS, Wiring.KAFKA, Wiring.POSTGRES, Wiring.REDIS)) {
            Files.createDirectories(directory.resolve(server));
        }
        this.secret = Secret.in(directory.resolve("secret"));
    }

    /// Ends what an earlier, killed run left, and deletes all but programs.
    static void clear(Path directory) throws IOException {
        for (String server : List.of(Wiring.POSTGRES, Wiring.REDIS)) {
            ChildProcess.stopOrphan(directory.resolve(server), "INT");
        }
        clear(directory, List.of(Wiring.POSTGRES, PROGRAMS));
        clear(directory.resolve(Wiring.POSTGRES), List.of(SOFTWARE));
    }

    Path programs() {
        return directory.resolve(PROGRAMS);
    }

    private static void clear(Path directory, List<String> kept) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> inside;
        try (Stream<Path> all = Files.list(directory)) {
            inside = all.filter(path -> !kept.contains(path.getFileName().toString()))
                    .toList();
        }
        for (Path path : inside) {
            Directories.delete(path);
        }
    }

    Wiring.Secrets secrets() throws IOException {
        SuiteDatabase database = new SuiteDatabase(new EmbeddedPostgres(directory.resolve(Wiring.POSTGRES), 0), secret);
        return new Wiring.Secrets(
                secret,
                redisPassword(),
                database.password(SuiteDatabase.OWNER),
                database.password(SuiteDatabase.READER));
    }

    Running kafka(int port, List<KafkaListener> listeners) throws IOException {
        Path home = directory.resolve(Wiring.KAFKA);
        List<String> arguments = new ArrayList<>(List.of(
                "-Dlogback.configurationFile=dev/rookery/faults/server-logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                KafkaProcess.class.getName(),
                home.toString(),
                Integer.toString(port)));
        listeners.forEach(listener -> arguments.add(listener.toString()));
        return JavaProcess.start(home, arguments, pid -> KafkaProcess.isReady(home, pid));
    }

    Running postgres(int port) throws Exception {
        EmbeddedPostgres postgres = new EmbeddedPostgres(directory.resolve(Wiring.POSTGRES), port);
        postgres.start();
        try {
            new SuiteDatabase(postgres, secret).prepare();
        } catch (SQLException | RuntimeException failure) {
            postgres.close();
            throw failure;
        }
        return new Serving(postgres, postgres::pid);
    }

    /// @param port of PostgreSQL
    Connection connect(int port) throws IOException, SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + SuiteDatabase.NAME,
                EmbeddedPostgres.USER,
                Secret.in(directory.resolve(Wiring.POSTGRES).resolve("password")));
    }

    Running redis(int port) throws IOException {
        EmbeddedRedis redis = new EmbeddedRedis(directory.resolve(Wiring.REDIS), port);
        redis.start();
        return new Serving(redis, redis::pid);
    }

    void emptyRedis(int port) throws IOException {
        String asked = "AUTH " + redisPassword() + "\r\nFLUSHALL\r\nQUIT\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(asked.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!answer.equals("+OK\r\n".repeat(3))) {
                throw new IOException("Redis says " + answer);
            }
        }
    }

    private String redisPassword() throws IOException {
        return Secret.in(directory.resolve(Wiring.REDIS).resolve("password"));
    }

    /// A child process that answered when it was started.
    private record Serving(EmbeddedServer server, LongSupplier process) implements Running {

        @Override
        public long pid() {
            return process.getAsLong();
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void end() {
            server.close();
        }
    }
}
