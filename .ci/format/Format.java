import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/// The build's formatter: `Format check|apply <root> <file of known hashes>`.
///
/// Hashes of formatted sources are remembered, so that an unchanged tree costs no parsing.
final class Format {

    private static final int MAX_COLUMNS = 120;
    private static final Formatter FORMATTER = Formatter.createFormatter(
            JavaFormatterOptions.builder().style(Style.PALANTIR).build());

    public static void main(String[] args) throws IOException {
        boolean apply = args[0].equals("apply");
        Path root = Path.of(args[1]);
        Path memory = Path.of(args[2]);
        Set<String> known = Files.exists(memory) ? Set.copyOf(Files.readAllLines(memory)) : Set.of();
        Set<String> formatted = new ConcurrentSkipListSet<>();
        Set<Path> wrong = new ConcurrentSkipListSet<>();
        sources(root).parallelStream().forEach(file -> {
            if (!isFormatted(file, known, formatted, apply)) {
                wrong.add(root.relativize(file));
            }
        });
        Files.createDirectories(memory.getParent());
        Files.write(memory, new TreeSet<>(formatted));
        if (!wrong.isEmpty()) {
            wrong.forEach(file -> System.err.println((apply ? "formatted: " : "not formatted: ") + file));
            if (!apply) {
                System.err.println("Format with: mvn -q -pl .ci/format process-sources -Dformat=apply");
                System.exit(1);
            }
        }
    }

    private static List<Path> sources(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> {
                        String path = root.relativize(file).toString().replace('\\', '/');
                        return path.contains("src/") || path.equals(".ci/format/Format.java");
                    })
                    .filter(file -> !root.relativize(file).toString().contains("target/"))
                    .toList();
        }
    }

    private static boolean isFormatted(Path file, Set<String> known, Set<String> formatted, boolean apply) {
        try {
            String source = Files.readString(file);
            if (known.contains(hash(source))) {
                formatted.add(hash(source));
                return true;
            }
            refuseLongComments(file, source);
            String wanted = ImportOrderer.reorderImports(
                    FORMATTER.formatSource(RemoveUnusedImports.removeUnusedImports(source)), Style.PALANTIR);
            boolean same = wanted.equals(source);
            if (!same && apply) {
                Files.writeString(file, wanted);
            }
            if (same || apply) {
                formatted.add(hash(wanted));
            }
            return same;
        } catch (IOException | FormatterException failure) {
            throw new IllegalStateException(file + ": " + failure.getMessage(), failure);
        }
    }

    /// The formatter breaks a `///` line that is too long and leaves the rest of it without its slashes.
    private static void refuseLongComments(Path file, String source) {
        List<String> lines = source.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).length() > MAX_COLUMNS && lines.get(i).strip().startsWith("///")) {
                throw new IllegalStateException(
                        file + ":" + (i + 1) + ": comment is longer than " + MAX_COLUMNS + " columns");
            }
        }
    }

    private static String hash(String source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
