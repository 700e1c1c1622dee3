package dev.rookery.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// How to run PostgreSQL, which refuses to run as root.
enum Unprivileged {
    /// This user is not root.
    AS_IS,
    /// A user namespace in which root is nobody, yet root's files stay its own; containers often forbid it.
    NAMESPACE,
    /// The user `nobody`, who must be able to reach the directory and is made its owner.
    NOBODY;

    private static final String NOBODY_USER = "nobody";
    private static final long PROBE_SECONDS = 5;

    static Unprivileged here() throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return AS_IS;
        }
        return succeeds("unshare", "-U", "true") ? NAMESPACE : NOBODY;
    }

    /// The command to run instead; it replaces itself by the given one, keeping the process id.
    List<String> wrap(List<String> command) {
        List<String> wrapped = new ArrayList<>(
                switch (this) {
                    case AS_IS -> List.<String>of();
                    case NAMESPACE -> List.of("unshare", "-U");
                    case NOBODY -> List.of("setpriv", "--reuid=" + NOBODY_USER, "--regid=65534", "--clear-groups");
                });
        wrapped.addAll(command);
        return wrapped;
    }

    /// Makes everything below `directory` the property of who will run.
    void own(Path directory) throws IOException {
        if (this != NOBODY) {
            return;
        }
        UserPrincipal nobody =
                directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY_USER);
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.toList();
        }
        for (Path file : files) {
            if (!Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(nobody)) {
                Files.setAttribute(file, "posix:owner", nobody, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command).start();
            return process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
