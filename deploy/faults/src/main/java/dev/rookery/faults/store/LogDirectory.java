package dev.rookery.faults.store;

import dev.rookery.embedded.Directories;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Kafka's log directory, to be changed while the broker is stopped.
public final class LogDirectory {

    /// Of a batch of records: its first offset, and how many bytes follow.
    private static final int HEAD = Long.BYTES + Integer.BYTES;

    private final Path log;
    private final Path earlier;

    /// @param home what the broker runs in
    public LogDirectory(Path home) {
        this.log = home.resolve("log");
        this.earlier = home.resolve("earlier");
    }

    /// Keeps everything as it is.
    public void copy() throws IOException {
        Directories.delete(earlier);
        Copy.of(log, earlier);
    }

    /// Goes back to what was kept.
    public void putBack() throws IOException {
        Directories.delete(log);
        Files.move(earlier, log);
    }

    /// Takes the last batches of each partition of a topic from the end of its log, and most of the one before, as a
    /// power cut does to what was not yet on the disk.
    ///
    /// @param most so many batches; of shorter logs all
    /// @return how many partitions are shorter now
    public int shorten(String topic, int most) throws IOException {
        int shortened = 0;
        for (Path partition : partitions(topic)) {
            try (FileChannel segment =
                    FileChannel.open(last(partition), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                List<Long> batches = batches(segment);
                if (!batches.isEmpty()) {
                    int kept = Math.max(0, batches.size() - most);
                    long torn = kept == 0 ? 0 : batches.get(kept - 1) + HEAD;
                    segment.truncate(torn);
                    shortened++;
                }
            }
        }
        return shortened;
    }

    private List<Path> partitions(String topic) throws IOException {
        try (Stream<Path> all = Files.list(log)) {
            return all.filter(path -> path.getFileName().toString().matches("\\Q" + topic + "\\E-\\d+"))
                    .toList();
        }
    }

    private static Path last(Path partition) throws IOException {
        try (Stream<Path> files = Files.list(partition)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /// Where each begins.
    private static List<Long> batches(FileChannel segment) throws IOException {
        List<Long> begins = new ArrayList<>();
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        for (long at = 0; segment.read(head.clear(), at) == HEAD; at += HEAD + head.getInt(Long.BYTES)) {
            begins.add(at);
        }
        return begins;
    }
}
