package dev.rookery.faults.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LogDirectoryTests {

    private static final int HEAD = 12;

    @TempDir
    private Path home;

    private LogDirectory log;
    private Path segment;

    @BeforeEach
    void write() throws IOException {
        log = new LogDirectory(home);
        segment = segment("some.topic-0", 5, 70, 30, 40);
    }

    @Test
    void leavesTheBeginningOfTheBatchBeforeThoseItTakes() throws IOException {
        assertThat(log.shorten("some.topic", 2)).isEqualTo(1);
        assertThat(Files.size(segment)).isEqualTo((HEAD + 5) + HEAD);
    }

    @Test
    void takesAllOfAShorterLog() throws IOException {
        assertThat(log.shorten("some.topic", 4)).isEqualTo(1);
        assertThat(Files.size(segment)).isZero();
    }

    @Test
    void leavesOtherTopicsAndFormerSegmentsAlone() throws IOException {
        Path other = segment("some.topic.dlt-0", 10);
        Path empty = segment("some.topic-1");
        Path former = segment.resolveSibling("00000000000000000000.log");
        Files.copy(segment, former);

        assertThat(log.shorten("some.topic", 1)).isEqualTo(1);

        assertThat(other).hasSize(HEAD + 10);
        assertThat(empty).isEmptyFile();
        assertThat(former).hasSize(4 * HEAD + 145);
    }

    @Test
    void goesBackToWhatItKept() throws IOException {
        log.copy();
        Path later = segment("later-0", 1);
        log.shorten("some.topic", 4);

        log.putBack();

        assertThat(segment).hasSize(4 * HEAD + 145);
        assertThat(later).doesNotExist();
    }

    private Path segment(String partition, int... lengths) throws IOException {
        Path directory = Files.createDirectories(home.resolve("log").resolve(partition));
        ByteBuffer bytes = ByteBuffer.allocate(1_000);
        for (int length : lengths) {
            bytes.putLong(0).putInt(length).put(new byte[length]);
        }
        byte[] written = new byte[bytes.position()];
        bytes.flip().get(written);
        return Files.write(directory.resolve("00000000000000000100.log"), written);
    }
}
