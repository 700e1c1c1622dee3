package dev.rookery.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// A process and all that it has started, as `/proc` shows them: what the whole of a relay takes.
record ProcessTree(long pid) {

    /// Linux counts processor time in hundredths of a second.
    private static final double TICKS = 100;

    /// In user and in kernel mode, of the process itself and of those that it has started and that have ended.
    private static final List<Integer> TIMES = List.of(11, 12, 13, 14);

    /// Seconds of all processors, also of processes that have ended meanwhile.
    double cpuSeconds() {
        return processes().stream().mapToLong(ProcessTree::ticks).sum() / TICKS;
    }

    /// Of memory, what is shared with others in equal parts (PSS).
    long memoryBytes() {
        return processes().stream().mapToLong(ProcessTree::pss).sum();
    }

    private List<Long> processes() {
        return ProcessHandle.of(pid)
                .map(root -> Stream.concat(Stream.of(root), root.descendants())
                        .map(ProcessHandle::pid)
                        .toList())
                .orElse(List.of());
    }

    private static long ticks(long process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return TIMES.stream()
                    .mapToLong(time -> Long.parseLong(fields[time]))
                    .sum();
        } catch (IOException gone) {
            return 0;
        }
    }

    private static long pss(long process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process), "smaps_rollup"))) {
            OptionalLong kilobytes = lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
            return kilobytes.orElse(0) << 10;
        } catch (IOException | java.io.UncheckedIOException gone) {
            return 0;
        }
    }
}
