package dev.rookery.faults.process;

import dev.rookery.embedded.Await;
import dev.rookery.embedded.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// A JVM in a directory of its own, where its output is.
public final class JavaProcess implements Running {

    private static final String TERMINATE = "TERM";
    private static final int OUTPUTS_KEPT = 50;

    /// Small and quick to start.
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms32m",
            "-Xmx192m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xlog:cds=off",
            "-Xlog:aot=off",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final ChildProcess process;
    private final Await.Condition ready;

    private JavaProcess(ChildProcess process, Await.Condition ready) {
        this.process = process;
        this.ready = ready;
    }

    /// @param arguments what follows the options: further ones, then what is to run
    /// @param ready told the process's id
    public static JavaProcess start(Path directory, List<String> arguments, Readiness ready) throws IOException {
        Files.createDirectories(directory);
        ChildProcess.stopOrphan(directory, TERMINATE);
        keepOutput(directory);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java").toRealPath();
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(OPTIONS);
        command.addAll(arguments);
        ChildProcess process = ChildProcess.start(directory, java, command);
        return new JavaProcess(process, () -> ready.isReady(process.pid()));
    }

    /// Whether a process can be used.
    public interface Readiness {
        boolean isReady(long pid) throws IOException;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean isReady() throws IOException {
        return ready.holds();
    }

    @Override
    public void end() throws IOException {
        process.stop(TERMINATE);
    }

    /// What former runs in this directory have said stays beside.
    private static void keepOutput(Path directory) throws IOException {
        Path output = directory.resolve("output.log");
        for (int run = 1; run <= OUTPUTS_KEPT && Files.exists(output); run++) {
            Path kept = directory.resolve("output-" + run + ".log");
            if (!Files.exists(kept)) {
                Files.move(output, kept, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }
}
