package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class NipsTableTests {

    private static final Path ROOT = Path.of("../..");

    @Test
    void namesOnlyCodeThatExists() throws Exception {
        Map<String, List<Path>> main = sources("/src/main/");
        for (NipsTable.Row row : NipsTable.rows()) {
            assertThat(main).as("NIP-%02d", row.nip()).containsKeys(row.code().toArray(String[]::new));
        }
    }

    @Test
    void namesOnlyTestsThatExist() throws Exception {
        Map<String, List<Path>> tests = sources("/src/test/");
        for (NipsTable.Row row : NipsTable.rows()) {
            assertThat(row.tests()).as("NIP-%02d", row.nip()).isNotEmpty();
            for (String test : row.tests()) {
                String type = test.substring(0, test.indexOf('.'));
                String method = test.substring(test.indexOf('.') + 1);
                assertThat(tests).as(test).containsKey(type);
                assertThat(tests.get(type))
                        .as(test)
                        .anySatisfy(file -> assertThat(file).content().contains("void " + method + "("));
            }
        }
    }

    /// Of each NIP whose row names the test of stored kinds, that test has some.
    @Test
    void namesTheTestOfStoredKindsOnlyWhereItHasSome() throws Exception {
        List<Integer> tried = StoredKind.all().stream().map(StoredKind::nip).toList();
        assertThat(NipsTable.rows())
                .filteredOn(row -> row.tests().stream().anyMatch(test -> test.startsWith("StoredKindsIT.")))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(tried).contains(row.nip()));
    }

    /// By the name of the class.
    private static Map<String, List<Path>> sources(String folder) throws IOException {
        Map<String, List<Path>> files = new HashMap<>();
        try (Stream<Path> all = Files.walk(ROOT)) {
            all.filter(file ->
                            file.toString().endsWith(".java") && file.toString().contains(folder))
                    .forEach(file -> files.computeIfAbsent(
                                    file.getFileName().toString().replace(".java", ""), name -> new ArrayList<>())
                            .add(file));
        }
        return files;
    }
}
