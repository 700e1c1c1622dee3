package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class DataDirectoryTests {

    @TempDir
    Path parent;

    @Test
    void keepsItsSecretFromOneRunToTheNext() {
        String secret;
        try (DataDirectory first = DataDirectory.open(parent.resolve("data"))) {
            secret = first.secret();
        }
        try (DataDirectory second = DataDirectory.open(parent.resolve("data"))) {
            assertThat(second.secret()).isEqualTo(secret).hasSizeGreaterThan(32);
        }
        try (DataDirectory other = DataDirectory.open(parent.resolve("other"))) {
            assertThat(other.secret()).isNotEqualTo(secret);
        }
    }

    @Test
    void lendsItselfToOneAtATime() {
        try (DataDirectory first = DataDirectory.open(parent)) {
            assertThatThrownBy(() -> DataDirectory.open(first.path()))
                    .isInstanceOf(StartFailedException.class)
                    .hasMessage("The data directory " + parent + " is used by another Rookery");
        }
    }

    @Test
    void refusesAFile() throws Exception {
        Path file = Files.createFile(parent.resolve("file"));

        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(StartFailedException.class)
                .hasMessage("The data directory " + file + " cannot be written: FileAlreadyExists " + file);
    }

    @Test
    void refusesADirectoryThatIsAsGoodAsFull() {
        assertThatThrownBy(() -> DataDirectory.requireRoom(parent, 20L << 20))
                .isInstanceOf(StartFailedException.class)
                .hasMessage("The data directory " + parent + " has 20 MiB of room, and 128 MiB are needed");
        assertThatCode(() -> DataDirectory.requireRoom(parent, 1L << 30)).doesNotThrowAnyException();
    }
}
