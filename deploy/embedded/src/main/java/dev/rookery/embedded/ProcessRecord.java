package dev.rookery.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Which process was started, written down so that the next start recognises it.
///
/// @param pid the process
/// @param started when, as the operating system tells it: process ids are reused, a pair of both is not
/// @param command path of the executable
record ProcessRecord(long pid, Instant started, Path command) {

    /// The system's boot time, from which start times are reckoned, moves a little when the clock is set.
    private static final Duration CLOCK_STEP = Duration.ofSeconds(2);

    static ProcessRecord of(Process process, Path command) {
        return new ProcessRecord(process.pid(), process.info().startInstant().orElseGet(Instant::now), command);
    }

    void write(Path file) throws IOException {
        Files.write(file, List.of(Long.toString(pid), started.toString(), command.toString()));
    }

    static Optional<ProcessRecord> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.size() < 3) {
            return Optional.empty();
        }
        return Optional.of(
                new ProcessRecord(Long.parseLong(lines.get(0)), Instant.parse(lines.get(1)), Path.of(lines.get(2))));
    }

    /// The process, if it still runs and is beyond doubt the recorded one: same id, start and executable.
    Optional<ProcessHandle> running() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isRecorded);
    }

    private boolean isRecorded(ProcessHandle process) {
        boolean sameCommand = process.info()
                .command()
                .filter(other -> Path.of(other).equals(command))
                .isPresent();
        boolean sameStart = process.info()
                .startInstant()
                .filter(other -> Duration.between(started, other).abs().compareTo(CLOCK_STEP) <= 0)
                .isPresent();
        return sameCommand && sameStart;
    }
}
