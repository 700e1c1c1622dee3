package dev.rookery.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A process whose output is shown as it comes and kept. It ends with its bound, whatever becomes of this JVM, and
/// takes with it what it has started.
final class Command implements AutoCloseable {

    private static final Duration STOP_BOUND = Duration.ofMinutes(1);

    private final String name;
    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    private Command(String name, Process process, Predicate<String> awaited) {
        this.name = name;
        this.process = process;
        Thread.ofPlatform().daemon().start(() -> read(awaited));
    }

    /// Whom a command's bound, or its being ended, is told.
    enum Told {
        /// The process and all that it has started, at once.
        ALL("--kill-after=30"),
        /// The process alone, which then ends what it has started in its own order.
        FIRST("--foreground");

        private final String option;

        Told(String option) {
            this.option = option;
        }
    }

    /// @param awaited true for the line that `awaitLine` is to wait for
    record Plan(String name, Duration bound, Told told, Predicate<String> awaited, Map<String, String> environment) {

        static Plan of(String name, Duration bound) {
            return new Plan(name, bound, Told.ALL, line -> false, Map.of());
        }
    }

    static Command start(Plan plan, List<String> command) throws IOException {
        List<String> bounded = new ArrayList<>(List.of("timeout", plan.told().option));
        bounded.add(Long.toString(plan.bound().toSeconds()));
        bounded.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(bounded).redirectErrorStream(true);
        builder.environment().putAll(plan.environment());
        return new Command(plan.name(), builder.start(), plan.awaited());
    }

    /// @return whether the line came before the end of the output and the bound
    boolean awaitLine(Duration bound) throws InterruptedException {
        return told.await(bound.toSeconds(), TimeUnit.SECONDS);
    }

    /// @return its exit code, which is 124 when it ran into its bound
    int exitCode() throws InterruptedException {
        int code = process.waitFor();
        ended.await();
        return code;
    }

    List<String> output() {
        return List.copyOf(output);
    }

    /// Ends it in its orderly way, and everything that it has started and that is left then by force.
    @Override
    public void close() throws InterruptedException {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(STOP_BOUND.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        started.forEach(ProcessHandle::destroyForcibly);
    }

    private void read(Predicate<String> awaited) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                System.out.println(name + " | " + line);
                if (awaited.test(line)) {
                    told.countDown();
                }
            }
        } catch (IOException closed) {
            output.add("(" + closed.getMessage() + ")");
        } finally {
            ended.countDown();
        }
    }
}
