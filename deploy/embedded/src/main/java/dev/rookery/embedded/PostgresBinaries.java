package dev.rookery.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs, unpacked once from the class path into the server's own directory.
///
/// Own, because an executable's path is part of what proves that a process is ours.
final class PostgresBinaries {

    /// Such as `18.6.0`.
    static final String RELEASE = release();

    private static final String RELEASE_FILE = "release";

    private PostgresBinaries() {}

    /// The directory that holds `bin`, `lib` and `share`. What an earlier release left there goes; nothing may run it.
    static Path unpackedIn(Path directory) throws IOException {
        Path unpacked = directory.resolve("software");
        if (releaseIn(unpacked).equals(RELEASE)) {
            return unpacked;
        }
        Path draft = directory.resolve("software.draft");
        Directories.delete(draft);
        unpack(draft);
        Files.writeString(draft.resolve(RELEASE_FILE), RELEASE);
        Directories.delete(unpacked);
        return Files.move(draft, unpacked, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String releaseIn(Path software) throws IOException {
        Path file = software.resolve(RELEASE_FILE);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static String release() {
        try (InputStream file =
                Objects.requireNonNull(PostgresBinaries.class.getResourceAsStream("postgres-release.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void unpack(Path target) throws IOException {
        try (InputStream archive = archive();
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, target.resolve(entry.getName()).normalize());
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.resolveSibling(""));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, file);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static InputStream archive() {
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String name = machine.equals("aarch64") ? "/postgres-linux-arm_64.txz" : "/postgres-linux-x86_64.txz";
        InputStream archive = PostgresBinaries.class.getResourceAsStream(name);
        if (archive == null) {
            throw new ServerFailedException("No PostgreSQL for " + machine + " on the class path: " + name);
        }
        return archive;
    }
}
