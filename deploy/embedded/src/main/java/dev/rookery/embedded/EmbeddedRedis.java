package dev.rookery.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/// A Redis server as a child process, on loopback, with a password of its own. It keeps nothing on disk.
///
/// It outlives a killed JVM; the next start in the same directory ends it.
public final class EmbeddedRedis implements EmbeddedServer {

    private static final String TERMINATE = "TERM";
    private static final Duration READY_BOUND = Duration.ofSeconds(20);
    private static final int ANSWER_MILLIS = 1000;

    private final Path directory;
    private final int wantedPort;
    private int port;
    private String password = "";
    private @Nullable DirectoryLock lock;
    private @Nullable ChildProcess process;

    /// @param port 0 for any free one
    public EmbeddedRedis(Path directory, int port) {
        this.directory = directory.toAbsolutePath();
        this.wantedPort = port;
    }

    @Override
    public void start() throws IOException {
        lock = DirectoryLock.take(directory);
        try {
            ChildProcess.stopOrphan(directory, TERMINATE);
            password = Secret.in(directory.resolve("password"));
            port = FreePort.orChosen(wantedPort);
            Path executable = executable();
            Path settings = directory.resolve("redis.conf");
            Secret.writePrivately(settings, settings());
            process = ChildProcess.start(directory, executable, List.of(executable.toString(), settings.toString()));
            process.awaitReady(READY_BOUND, this::answers);
        } catch (IOException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    @Override
    public void close() {
        try {
            if (process != null) {
                process.stop(TERMINATE);
                process = null;
            }
        } catch (IOException failure) {
            throw new ServerFailedException("Could not stop Redis in " + directory, failure);
        } finally {
            if (lock != null) {
                lock.close();
                lock = null;
            }
        }
    }

    /// With the password: `redis://:password@127.0.0.1:port`.
    public String uri() {
        return "redis://:" + password + "@127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public String password() {
        return password;
    }

    public long pid() {
        return process == null ? -1 : process.pid();
    }

    private String settings() {
        return """
                port %d
                bind 127.0.0.1
                requirepass %s
                save ""
                appendonly no
                """.formatted(port, password);
    }

    /// Copied into the server's own directory: an executable's path is part of what proves that a process is ours. At
    /// each start, for an earlier release may have left another.
    private Path executable() throws IOException {
        Path unpacking = Files.createDirectories(directory.resolve("software.draft"));
        Path unpacked = ExecutableProvider.newJarResourceProvider(unpacking.toFile())
                .get()
                .toPath();
        Path executable = directory.resolve("redis-server");
        Files.move(unpacked, executable, StandardCopyOption.ATOMIC_MOVE);
        Directories.delete(unpacking);
        return executable;
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream()
                    .write(("AUTH " + password + "\r\nPING\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.contains("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }
}
