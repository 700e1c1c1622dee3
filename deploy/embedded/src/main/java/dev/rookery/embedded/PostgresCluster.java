package dev.rookery.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A PostgreSQL data directory, made at the first start, and the command that serves it.
///
/// @param directory what holds data and software
/// @param software where the programs are
/// @param runner how to run them, for they refuse root
/// @param password the superuser's
record PostgresCluster(Path directory, Path software, Unprivileged runner, String password) {

    /// What a plain OK rests on; checked at every start.
    static final Map<String, String> DURABLE = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on");

    /// No lz4 for large values: these binaries are built without it.
    private static final Map<String, String> SETTINGS = Map.of(
            "listen_addresses", "127.0.0.1",
            "unix_socket_directories", "",
            "jit", "off",
            "max_connections", "100",
            // Whoever asks is told what failed; here it would fill the disk, at the will of any client that asks for
            // much and leaves.
            "log_min_messages", "log",
            // What has to leave them is written beforehand, and not by whoever decides.
            "bgwriter_delay", "50ms",
            "bgwriter_lru_maxpages", "400");

    /// An eighth of the machine's memory, within these bounds: pages of indexes that have no room there are written,
    /// with their checksums, and read again for nearly each event. What has not been used yet takes no memory.
    private static final long LEAST_BUFFERS_MIB = 128;

    private static final long MOST_BUFFERS_MIB = 1024;

    private static final long INITDB_SECONDS = 120;

    static PostgresCluster in(Path directory) throws IOException {
        Unprivileged runner = Unprivileged.here();
        String password = Secret.in(directory.resolve("password"));
        Path software = PostgresBinaries.unpackedIn(directory);
        PostgresCluster cluster = new PostgresCluster(directory, software, runner, password);
        runner.own(directory);
        if (Files.exists(cluster.data())) {
            requireMajor(Files.readString(cluster.data().resolve("PG_VERSION")).strip());
        } else {
            cluster.initialise();
        }
        return cluster;
    }

    /// PostgreSQL reads the data of its own major version only.
    static void requireMajor(String made) {
        String release = PostgresBinaries.RELEASE;
        if (!release.startsWith(made + ".")) {
            throw new ServerFailedException("The data are PostgreSQL " + made + "'s, and this is PostgreSQL " + release
                    + ": dump them with the Rookery that they were made with, and load them into new ones");
        }
    }

    Path executable() {
        return software.resolve("bin/postgres");
    }

    Path postmasterFile() {
        return data().resolve("postmaster.pid");
    }

    List<String> command(int port) {
        List<String> command = new ArrayList<>(
                List.of(executable().toString(), "-D", data().toString(), "-p", Integer.toString(port)));
        DURABLE.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        command.addAll(List.of("-c", "shared_buffers=" + buffersMib(memoryBytes()) + "MB"));
        return runner.wrap(command);
    }

    /// Of this machine, or of the container.
    private static long memoryBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    static long buffersMib(long memoryBytes) {
        return Math.clamp((memoryBytes / 8) >> 20, LEAST_BUFFERS_MIB, MOST_BUFFERS_MIB);
    }

    private Path data() {
        return directory.resolve("data");
    }

    /// Under another name until it is whole, so that a kill half-way leaves nothing that looks like a data directory.
    private void initialise() throws IOException {
        Path draft = directory.resolve("data.draft");
        Directories.delete(draft);
        Path output = directory.resolve("initdb.log");
        Process initdb = new ProcessBuilder(runner.wrap(List.of(
                        software.resolve("bin/initdb").toString(),
                        "--pgdata=" + draft,
                        "--username=" + EmbeddedPostgres.USER,
                        "--pwfile=" + directory.resolve("password"),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C")))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!endsWell(initdb)) {
            throw new ServerFailedException("initdb failed in " + directory + ": " + Files.readString(output));
        }
        Files.move(draft, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean endsWell(Process process) {
        try {
            if (process.waitFor(INITDB_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return false;
    }
}
