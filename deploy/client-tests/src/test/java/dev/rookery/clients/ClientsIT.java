package dev.rookery.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rookery.embedded.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// nostr-tools, NDK and rust-nostr's SDK against the suite, as `README.md` beside tells to run them by hand. Skipped,
/// with a line that says so, where Node or npm is missing.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
final class ClientsIT {

    private static final int OLDEST_NODE = 20;
    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final Pattern NODE_VERSION = Pattern.compile("v(\\d+)\\..*");

    /// Of the summary, which is `# pass 15` as TAP and `ℹ pass 15` for people, by the version of Node.
    private static final Pattern COUNT = Pattern.compile("\\S+ (tests|pass|fail|cancelled|skipped) (\\d+)");

    @TempDir
    Path directory;

    @Test
    void everyTestOfEveryClientPasses() throws Exception {
        requireNode();
        npm(List.of("npm", "ci", "--prefer-offline", "--no-progress"), Map.of());
        int port = FreePort.orChosen(0);
        try (Command relay = relay(port)) {
            assertThat(relay.awaitLine(BOUND)).as("the relay is ready").isTrue();
            Map<String, String> where = Map.of("RELAY_URL", "ws://127.0.0.1:" + port, "RELAY_COMPRESSES", "all");
            Map<String, Integer> counts = counts(npm(List.of("npm", "test"), where));
            assertThat(counts.get("tests")).isPositive();
            assertThat(counts).containsEntry("fail", 0).containsEntry("cancelled", 0);
            assertThat(counts.get("pass")).isEqualTo(counts.get("tests"));
            System.out.println("Client tests: " + counts.get("pass") + " of " + counts.get("tests") + " passed");
        }
    }

    private static void requireNode() throws InterruptedException {
        String version = firstLineOf("node", "--version");
        Matcher found = NODE_VERSION.matcher(version);
        boolean fits = found.matches() && Integer.parseInt(found.group(1)) >= OLDEST_NODE;
        boolean hasNpm = !firstLineOf("npm", "--version").isEmpty();
        String reason = "Client tests: skipped, because they need Node " + OLDEST_NODE + " or newer and npm; here is "
                + (version.isEmpty() ? "no Node" : "Node " + version) + (hasNpm ? "" : " and no npm");
        if (!fits || !hasNpm) {
            System.out.println(reason);
        }
        assumeTrue(fits && hasNpm, reason);
    }

    private static String firstLineOf(String... command) throws InterruptedException {
        try (Command asked = Command.start(Command.Plan.of(command[0], BOUND), List.of(command))) {
            boolean answered = asked.exitCode() == 0 && !asked.output().isEmpty();
            return answered ? asked.output().getFirst() : "";
        } catch (IOException absent) {
            return "";
        }
    }

    private static List<String> npm(List<String> command, Map<String, String> environment) throws Exception {
        String name = String.join(" ", command.subList(0, 2));
        Command.Plan plan = new Command.Plan(name, BOUND, Command.Told.ALL, line -> false, environment);
        try (Command run = Command.start(plan, command)) {
            int code = run.exitCode();
            assertThat(code)
                    .as(() -> name + ":\n" + String.join("\n", run.output()))
                    .isZero();
            return run.output();
        }
    }

    private Command relay(int port) throws IOException {
        Path module = Path.of("..", "standalone");
        Command.Plan plan = new Command.Plan(
                "relay", BOUND.multipliedBy(2), Command.Told.FIRST, line -> line.contains("Ready after "), Map.of());
        return Command.start(
                plan,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + module.resolve("jvm.options"),
                        "-jar",
                        module.resolve("target/standalone.jar").toString(),
                        "--relay.port=" + port,
                        "--relay.data-dir=" + directory.resolve("data"),
                        "--relay.connections.compression=all",
                        "--relay.limits.enabled=false"));
    }

    private static Map<String, Integer> counts(List<String> output) {
        return output.stream()
                .map(COUNT::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toMap(
                        count -> count.group(1), count -> Integer.parseInt(count.group(2)), (earlier, later) -> later));
    }
}
