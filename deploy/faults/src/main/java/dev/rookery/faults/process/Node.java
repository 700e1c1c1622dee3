package dev.rookery.faults.process;

import dev.rookery.embedded.Await;
import dev.rookery.embedded.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A part of the suite that runs as a process, and can be ended, frozen and started again in the same place.
public final class Node implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Node.class);
    private static final Duration END_BOUND = Duration.ofSeconds(30);

    private final String name;
    private final Launch launch;
    private final Watchdog watchdog;
    private @Nullable Running running;
    private boolean frozen;

    /// How the process is started.
    public interface Launch {
        Running start() throws Exception;
    }

    public Node(String name, Launch launch, Watchdog watchdog) {
        this.name = name;
        this.launch = launch;
        this.watchdog = watchdog;
    }

    public String name() {
        return name;
    }

    /// Returns when the process runs; it may not be ready yet. Harmless while it runs.
    public synchronized void start() throws Exception {
        if (isRunning()) {
            return;
        }
        release();
        Running started = launch.start();
        running = started;
        watchdog.began(started.pid());
        log.info("{} started", name);
    }

    /// SIGKILL. Returns when the process has ended.
    public synchronized void kill() throws IOException {
        Optional<ProcessHandle> process = process();
        process.ifPresent(ProcessHandle::destroyForcibly);
        if (process.isPresent() && !Await.until(END_BOUND, () -> !process.get().isAlive())) {
            throw new IllegalStateException(name + " survives SIGKILL");
        }
        release();
        log.info("{} killed", name);
    }

    /// Ends the process in its orderly way, and forcibly when that takes too long.
    public synchronized void terminate() throws IOException {
        release();
        log.info("{} terminated", name);
    }

    /// SIGSTOP, to the process and all that it has started.
    public synchronized void freeze() throws IOException {
        signalAll("STOP");
        frozen = true;
        log.info("{} frozen", name);
    }

    /// SIGCONT, likewise. Harmless when it is not frozen.
    public synchronized void wake() throws IOException {
        if (frozen && isRunning()) {
            signalAll("CONT");
            log.info("{} woken", name);
        }
        frozen = false;
    }

    public synchronized boolean isRunning() {
        return process().filter(ProcessHandle::isAlive).isPresent();
    }

    public boolean isReady() {
        Running asked;
        synchronized (this) {
            asked = running;
        }
        try {
            return asked != null && isRunning() && asked.isReady();
        } catch (IOException unreachable) {
            return false;
        }
    }

    /// @throws IllegalStateException when it ends before, or is not ready in time
    public void awaitReady(Duration bound) throws IOException {
        boolean ready = Await.until(bound, () -> isReady() || !isRunning());
        if (!ready || !isRunning()) {
            throw new IllegalStateException(name + (isRunning() ? " is not ready within " + bound : " has ended"));
        }
    }

    @Override
    public void close() throws IOException {
        wake();
        terminate();
    }

    private Optional<ProcessHandle> process() {
        return Optional.ofNullable(running).flatMap(process -> ProcessHandle.of(process.pid()));
    }

    private void signalAll(String signal) throws IOException {
        ProcessHandle process = process().orElseThrow(() -> new IllegalStateException(name + " does not run"));
        for (ProcessHandle each :
                Stream.concat(Stream.of(process), process.descendants()).toList()) {
            ChildProcess.signal(each, signal);
        }
    }

    private void release() throws IOException {
        Running former = running;
        if (former != null) {
            running = null;
            frozen = false;
            former.end();
            watchdog.ended(former.pid());
        }
    }
}
