package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.settings.SettingsMetadata;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Here all services are on the class path, so here the list of the suite's settings is checked.
@Timeout(30)
final class SettingsListTests {

    private static final Path LIST =
            Path.of("../../common-lib/settings/src/main/resources/dev/rookery/settings/keys.txt");

    private static final Path WANTED = Path.of("target/keys.txt");

    @Test
    void listsEverySettingOfEveryService() throws Exception {
        List<String> described = List.copyOf(new SettingsMetadata(getClass().getClassLoader()).keys());

        Files.write(WANTED, described);
        assertThat(Files.readAllLines(LIST))
                .as("what it has to be stands in " + WANTED)
                .isEqualTo(described);
    }
}
