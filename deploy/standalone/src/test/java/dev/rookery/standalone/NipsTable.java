package dev.rookery.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The table of `docs/NIPS.md`, read: what comes before its first section.
final class NipsTable {

    private static final Path FILE = Path.of("../../docs/NIPS.md");

    private NipsTable() {}

    /// @param claimed whether the relay says that it supports the NIP
    record Row(int nip, boolean claimed, List<String> code, List<String> tests) {}

    static List<Row> rows() throws IOException {
        String text = Files.readString(FILE).split("\n## ", 2)[0];
        String[] parts = text.split("Kept as well, but not claimed:", 2);
        return Stream.concat(rows(parts[0], true), parts.length == 1 ? Stream.of() : rows(parts[1], false))
                .toList();
    }

    private static Stream<Row> rows(String text, boolean claimed) {
        return text.lines().filter(line -> line.matches("\\| \\d\\d \\|.*")).map(line -> {
            String[] cells = line.split("(?<!\\\\)\\|");
            return new Row(Integer.parseInt(cells[1].strip()), claimed, names(cells[3]), names(cells[4]));
        });
    }

    private static List<String> names(String cell) {
        return Arrays.stream(cell.strip().split("\\s+"))
                .map(name -> name.replace("`", ""))
                .toList();
    }
}
