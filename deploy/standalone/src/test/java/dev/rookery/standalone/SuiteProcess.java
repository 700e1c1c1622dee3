package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The suite in a JVM of its own, started as `deploy/run` starts it, but with what makes many short runs cheaper.
final class SuiteProcess implements AutoCloseable {

    private static final Duration START_BOUND = Duration.ofMinutes(3);
    private static final Duration STOP_BOUND = Duration.ofMinutes(3);

    /// What classes are is found out once, by the first run that ends in order.
    private static final List<String> SHARED_CLASSES = List.of(
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=target/standalone.jsa",
            "-Xlog:cds*=off",
            "-Xlog:aot*=off");

    private static final Pattern READY = Pattern.compile("Ready after \\d+ ms: (ws://\\S+)");

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final CompletableFuture<URI> ready = new CompletableFuture<>();

    private SuiteProcess(Process process) {
        this.process = process;
        Thread.ofPlatform().daemon().start(this::read);
    }

    /// Serving, on a free port unless the arguments name one. Rates are not limited.
    static SuiteProcess serving(Path directory, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--relay.port=0", "--relay.limits.enabled=false"));
        all.addAll(List.of(arguments));
        SuiteProcess suite = started(directory, all);
        suite.uri();
        return suite;
    }

    /// One that refuses nothing because the machine is slow.
    static SuiteProcess patient(Path directory) throws Exception {
        return serving(
                directory,
                "--relay.kafka.delivery-timeout=2m",
                "--relay.kafka.max-block=1m",
                "--relay.publish.verdict-within=2m",
                "--relay.publish.max-lag=2m",
                "--relay.subscriptions.join-timeout=1m");
    }

    static SuiteProcess started(Path directory, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        // A process group of its own, as a shell gives it to what it runs; and deaf to no signal, even where the tests
        // run in the background of a script.
        command.addAll(List.of("setsid", "env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@jvm.options");
        command.add("-XX:TieredStopAtLevel=1");
        // An agent that changes classes leaves nothing to be shared.
        command.addAll(coverage().map(List::of).orElse(SHARED_CLASSES));
        command.addAll(List.of("-jar", "target/standalone.jar", "--relay.data-dir=" + directory));
        command.addAll(arguments);
        return new SuiteProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private static Optional<String> coverage() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-javaagent:") && argument.contains("jacoco"))
                .findFirst();
    }

    /// Where clients connect to, once they can.
    URI uri() throws Exception {
        return ready.get(START_BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    /// SIGTERM; returns the exit code.
    int stop() throws Exception {
        process.destroy();
        return exitCode();
    }

    /// SIGINT to the whole process group, as from a terminal.
    int interrupt() throws Exception {
        new ProcessBuilder("sh", "-c", "kill -INT -" + process.pid())
                .inheritIO()
                .start()
                .waitFor();
        return exitCode();
    }

    /// SIGKILL.
    void kill() throws Exception {
        killAtOnce();
        exitCode();
    }

    void killAtOnce() {
        process.destroyForcibly();
    }

    int exitCode() throws Exception {
        assertThat(process.waitFor(STOP_BOUND.toSeconds(), TimeUnit.SECONDS))
                .as(() -> "ends in time:\n" + String.join("\n", output))
                .isTrue();
        return process.exitValue();
    }

    /// What it has printed so far, without stack traces of the JVM's own warnings.
    List<String> output() {
        return List.copyOf(output);
    }

    long pid() {
        return process.pid();
    }

    /// Its servers.
    List<ProcessHandle> children() {
        return process.children().toList();
    }

    @Override
    public void close() throws Exception {
        if (process.isAlive()) {
            stop();
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                Matcher match = READY.matcher(line);
                if (match.find()) {
                    ready.complete(URI.create(match.group(1)));
                }
            }
        } catch (IOException failure) {
            ready.completeExceptionally(new UncheckedIOException(failure));
        }
        ready.completeExceptionally(new IllegalStateException("Did not start:\n" + String.join("\n", output)));
    }
}
