package dev.rookery.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What makes the schema `events`, for the tests of those who only read it.
public final class Migrations {

    private static final Path DIRECTORY = Path.of("..", "indexer-service", "src", "main", "resources", "db", "events");

    private Migrations() {}

    /// As the indexer runs them, one after the other.
    public static List<String> all() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.sorted(Comparator.comparingInt(Migrations::version))
                    .map(Migrations::text)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// As in `V10__what.sql`.
    private static int version(Path file) {
        String name = file.getFileName().toString();
        return Integer.parseInt(name.substring(1, name.indexOf("__")));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
