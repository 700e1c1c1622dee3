package dev.rookery.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server's process and the file that records it. It outlives this JVM when that is killed.
public final class ChildProcess {

    private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);
    private static final Duration STOP_BOUND = Duration.ofSeconds(20);

    private final Process process;
    private final Path record;
    private final Path output;

    private ChildProcess(Process process, Path record, Path output) {
        this.process = process;
        this.record = record;
        this.output = output;
    }

    /// @param executable what will run in the end, when `command` begins with something that replaces itself by it
    public static ChildProcess start(Path directory, Path executable, List<String> command) throws IOException {
        Path output = directory.resolve("output.log");
        Process process = new ProcessBuilder(ownSession(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Path record = recordIn(directory);
        ProcessRecord.of(process, executable).write(record);
        return new ChildProcess(process, record, output);
    }

    /// Apart from this process's group, all of which the terminal interrupts on Ctrl-C: a server ends when it is told
    /// to, after those who use it. `setsid` replaces itself by the command, keeping the process id.
    private static List<String> ownSession(List<String> command) {
        Optional<Path> setsid = Stream.of(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "setsid"))
                .filter(Files::isExecutable)
                .findFirst();
        return setsid.map(path -> Stream.concat(Stream.of(path.toString()), command.stream())
                        .toList())
                .orElse(command);
    }

    /// Ends what an earlier, killed JVM left running in this directory. Call it with the directory's lock held.
    public static void stopOrphan(Path directory, String signal) throws IOException {
        Optional<ProcessHandle> orphan = ProcessRecord.read(recordIn(directory)).flatMap(ProcessRecord::running);
        if (orphan.isPresent()) {
            log.warn(
                    "Stopping process {} which an earlier run left in {}",
                    orphan.get().pid(),
                    directory);
            stop(orphan.get(), signal);
        }
        Files.deleteIfExists(recordIn(directory));
    }

    /// Waits until nothing runs this executable: when a server is killed, its own children end a moment after it.
    static void awaitNoneOf(Path executable) throws IOException {
        String command = executable.toString();
        boolean none = Await.until(
                STOP_BOUND,
                () -> ProcessHandle.allProcesses()
                        .noneMatch(other ->
                                other.info().command().filter(command::equals).isPresent()));
        if (!none) {
            throw new ServerFailedException(executable + " still runs");
        }
    }

    /// Waits until the server answers, unless its process ends before.
    void awaitReady(Duration bound, Await.Condition ready) throws IOException {
        boolean held = Await.until(bound, () -> !process.isAlive() || ready.holds());
        if (!process.isAlive()) {
            throw new ServerFailedException("Ended with " + process.exitValue() + ": " + lastOutput());
        }
        if (!held) {
            throw new ServerFailedException("Not ready within " + bound + ": " + lastOutput());
        }
    }

    /// @param signal such as `TERM`; `KILL` follows when the process does not end within 20 s
    public void stop(String signal) throws IOException {
        stop(process.toHandle(), signal);
        Files.deleteIfExists(record);
    }

    public long pid() {
        return process.pid();
    }

    private static void stop(ProcessHandle process, String signal) throws IOException {
        if (process.isAlive()) {
            signal(process, signal);
        }
        if (!Await.until(STOP_BOUND, () -> !process.isAlive())) {
            log.warn("Process {} did not end within {}, killing it", process.pid(), STOP_BOUND);
            process.destroyForcibly();
            Await.until(STOP_BOUND, () -> !process.isAlive());
        }
    }

    /// Java sends TERM and KILL only, and PostgreSQL waits for its clients on TERM.
    ///
    /// @param signal such as `STOP`
    public static void signal(ProcessHandle process, String signal) throws IOException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                .redirectErrorStream(true)
                .start();
        try {
            kill.waitFor(STOP_BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private String lastOutput() throws IOException {
        List<String> lines = Files.readAllLines(output);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    private static Path recordIn(Path directory) {
        return directory.resolve("process");
    }
}
