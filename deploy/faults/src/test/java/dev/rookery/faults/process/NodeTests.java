package dev.rookery.faults.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.embedded.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class NodeTests {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void killsAndStartsAnewInTheSamePlace() throws Exception {
        try (Watchdog watchdog = new Watchdog();
                Node node = node(watchdog)) {
            node.start();
            node.start();
            assertThat(started).as("one while it runs").hasSize(1);

            node.kill();
            assertThat(started.getFirst().isAlive()).isFalse();
            assertThat(node.isRunning()).isFalse();

            node.start();
            assertThat(started).hasSize(2);
            assertThat(node.isRunning()).isTrue();
        }
        assertThat(started.getLast().isAlive()).isFalse();
    }

    @Test
    void freezesAndWakes() throws Exception {
        try (Watchdog watchdog = new Watchdog();
                Node node = node(watchdog)) {
            node.start();
            node.freeze();
            assertThat(Await.until(BOUND, () -> state() == 'T')).isTrue();

            node.wake();
            assertThat(Await.until(BOUND, () -> state() != 'T')).isTrue();
        }
    }

    @Test
    void leavesNothingBehindWhenItsJvmEndsBefore() throws Exception {
        Watchdog watchdog = new Watchdog();
        Node running = node(watchdog);
        Node frozen = node(watchdog);
        Node killed = node(watchdog);
        running.start();
        killed.start();
        killed.kill();
        frozen.start();
        frozen.freeze();

        watchdog.close();

        assertThat(Await.until(BOUND, () -> started.stream().noneMatch(Process::isAlive)))
                .isTrue();
    }

    /// As the kernel tells it: T is stopped.
    private char state() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + started.getLast().pid() + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    private Node node(Watchdog watchdog) {
        return new Node("sleeper", this::sleeper, watchdog);
    }

    private Running sleeper() throws IOException {
        Process process = new ProcessBuilder("sleep", "60").start();
        started.add(process);
        return new Running() {
            @Override
            public long pid() {
                return process.pid();
            }

            @Override
            public boolean isReady() {
                return process.isAlive();
            }

            @Override
            public void end() {
                process.destroy();
                process.onExit().join();
            }
        };
    }
}
