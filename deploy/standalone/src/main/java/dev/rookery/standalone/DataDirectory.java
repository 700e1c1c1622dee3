package dev.rookery.standalone;

import dev.rookery.embedded.DirectoryLock;
import dev.rookery.embedded.Secret;
import dev.rookery.embedded.ServerFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Everything that lasts. One process uses it at a time, however many are started.
final class DataDirectory implements AutoCloseable {

    private static final long LEAST_FREE_BYTES = 128L << 20;

    /// Others may pass through, which the user that PostgreSQL runs as needs when started by root, but see nothing.
    private static final String PASSABLE = "rwx--x--x";

    private final Path path;
    private final DirectoryLock lock;
    private final String secret;

    private DataDirectory(Path path, DirectoryLock lock, String secret) {
        this.path = path;
        this.lock = lock;
        this.secret = secret;
    }

    /// Makes what is missing.
    ///
    /// @throws StartFailedException when the directory is in use, full, or cannot be written
    static DataDirectory open(Path given) {
        Path path = given.toAbsolutePath().normalize();
        try {
            create(path);
            DirectoryLock lock = lock(path);
            try {
                requireRoom(path, Files.getFileStore(path).getUsableSpace());
                return new DataDirectory(path, lock, Secret.in(path.resolve("secret")));
            } catch (IOException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new StartFailedException(
                    "The data directory " + path + " cannot be written: " + reason(failure, path), failure);
        }
    }

    static void requireRoom(Path path, long freeBytes) {
        if (freeBytes < LEAST_FREE_BYTES) {
            throw new StartFailedException("The data directory %s has %d MiB of room, and %d MiB are needed"
                    .formatted(path, freeBytes >> 20, LEAST_FREE_BYTES >> 20));
        }
    }

    Path path() {
        return path;
    }

    Path of(String server) {
        return path.resolve(server);
    }

    /// The suite's secret, made with the directory and readable by its owner only.
    String secret() {
        return secret;
    }

    @Override
    public void close() {
        lock.close();
    }

    private static void create(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PASSABLE)));
        }
    }

    private static DirectoryLock lock(Path path) throws IOException {
        try {
            return DirectoryLock.take(path);
        } catch (ServerFailedException held) {
            throw new StartFailedException("The data directory " + path + " is used by another Rookery", held);
        }
    }

    /// The JDK's messages begin with the path, or consist of it.
    private static String reason(IOException failure, Path path) {
        String type = failure.getClass().getSimpleName().replace("Exception", "");
        String message = String.valueOf(failure.getMessage());
        return message.startsWith(path.toString()) || path.startsWith(message) ? type + " " + message : message;
    }
}
