package dev.rookery.faults.cluster;

import java.nio.file.Path;
import java.util.Locale;

/// A service of the suite, of which there are one or more instances.
enum Part {
    GATEWAY,
    BROADCAST,
    QUERY,
    INDEXER;

    private static final Path ROOT = Path.of(System.getProperty("rookery.root", "../.."));

    /// As instances are called: `gateway-1`.
    String instance(int number) {
        return word() + "-" + number;
    }

    String module() {
        return word() + "-service";
    }

    /// What a build of the module leaves: the jar that is started, with what it needs in `lib` beside it.
    Path jar() {
        Path jar = ROOT.resolve(module()).resolve("target").resolve(module() + "-run.jar");
        return jar.toAbsolutePath().normalize();
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
