package dev.rookery.faults.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;

/// Copies a directory with owners and modes, also one that is written to meanwhile: what vanishes is left out.
final class Copy extends SimpleFileVisitor<Path> {

    private final Path from;
    private final Path to;
    private final Predicate<Path> contents;

    private Copy(Path from, Path to, Predicate<Path> contents) {
        this.from = from;
        this.to = to;
        this.contents = contents;
    }

    /// @param contents of which directories below `from` are wanted; of others only they themselves
    static void of(Path from, Path to, Predicate<Path> contents) throws IOException {
        Files.walkFileTree(from, new Copy(from, to, contents));
    }

    static void of(Path from, Path to) throws IOException {
        of(from, to, directory -> true);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        copy(directory);
        return contents.test(from.relativize(directory)) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        copy(file);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }

    private void copy(Path path) throws IOException {
        try {
            Files.copy(
                    path,
                    to.resolve(from.relativize(path).toString()),
                    StandardCopyOption.COPY_ATTRIBUTES,
                    StandardCopyOption.REPLACE_EXISTING,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException vanished) {
            if (Files.exists(path)) {
                throw vanished;
            }
        }
    }
}
