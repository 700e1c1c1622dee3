package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/// The suite inside this JVM, where what it leaves behind can be seen.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class SuiteIT {

    /// Of the whole JVM: begun on the first use of something, such as Reactor's schedulers or the broker's static
    /// meters, and kept for the next.
    private static final Pattern LASTING =
            Pattern.compile("surefire.*|process reaper.*|ForkJoinPool.commonPool.*|.*[cC]leaner.*"
                    + "|HttpClient.*|globalEventExecutor.*|single-\\d+|boundedElastic.*|parallel-\\d+"
                    + "|metrics-meter-tick-thread-\\d+|jacoco.*");

    @TempDir
    Path directory;

    @Test
    void leavesNoThreadBehind() throws Exception {
        Set<Thread> before = threads();
        try (Suite suite = suite()) {
            PublicAddress address = suite.start(() -> {});
            try (RelayClient client = new RelayClient(URI.create("ws://" + address.authority()))) {
                assertThat(client.query("{\"limit\":1}")).isEmpty();
            }
        }

        assertThat(left(before)).isEmpty();
    }

    private Suite suite() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("relay.limits.enabled", "false")));
        Duration bound = Duration.ofSeconds(60);
        return new Suite(new StandaloneProperties(directory, "127.0.0.1", 0, bound, bound), environment);
    }

    /// Names of threads that are still there a while later.
    private static List<String> left(Set<Thread> before) throws InterruptedException {
        for (Thread thread : threads()) {
            if (!before.contains(thread) && !LASTING.matcher(thread.getName()).matches()) {
                thread.join(Duration.ofSeconds(5));
            }
        }
        return threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !LASTING.matcher(name).matches())
                .toList();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .collect(Collectors.toSet());
    }
}
