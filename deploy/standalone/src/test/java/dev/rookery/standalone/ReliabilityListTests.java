package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `docs/reliability.md` names tests and metrics that exist.
@Timeout(60)
class ReliabilityListTests {

    private static final Path ROOT = Path.of("../..");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:IT|Tests))\\b");
    private static final Pattern METRIC = Pattern.compile("`(rookery\\.[a-z.]+)`");

    @Test
    void everyTestNamedThereExists() throws IOException {
        List<String> tests = sources("/src/test/")
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .toList();
        assertThat(named(TEST)).isNotEmpty().allMatch(tests::contains);
    }

    @Test
    void everyMetricNamedThereIsMeasured() throws IOException {
        String code = sources("/src/main/").map(ReliabilityListTests::read).collect(Collectors.joining());
        assertThat(named(METRIC)).isNotEmpty().allMatch(metric -> code.contains("\"" + metric + "\""));
    }

    private static List<String> named(Pattern what) throws IOException {
        return what.matcher(Files.readString(ROOT.resolve("docs/reliability.md")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .distinct()
                .toList();
    }

    private static Stream<Path> sources(String part) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files
                    .filter(file ->
                            file.toString().contains(part) && file.toString().endsWith(".java"))
                    .toList()
                    .stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
