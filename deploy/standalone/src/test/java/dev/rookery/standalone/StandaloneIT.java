package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import dev.rookery.signature.SchnorrSigner;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The whole suite as an operator runs it.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class StandaloneIT {

    private static final int INTERRUPTED = 130;
    private static final int TERMINATED = 143;
    private static final Duration STOP_BOUND = Duration.ofMinutes(1);
    private static final SchnorrSigner AUTHOR = new SchnorrSigner(secret());

    /// One for all tests, each of which leaves it to the next: most of a first start is making the database.
    @TempDir
    static Path directory;

    @Test
    void keepsWhatWasPublishedWhenItIsStoppedAndStartedAgain() throws Exception {
        Event event = note("kept");
        try (SuiteProcess suite = SuiteProcess.serving(directory)) {
            publish(suite.uri(), event);
            List<ProcessHandle> servers = suite.children();

            assertThat(servers).hasSize(2);
            assertThat(suite.stop()).isEqualTo(TERMINATED);
            assertThat(servers).noneMatch(ProcessHandle::isAlive);
            assertThat(complaints(suite)).isEmpty();
        }
        try (SuiteProcess again = SuiteProcess.serving(directory)) {
            assertIsFound(again.uri(), event);
        }
    }

    @Test
    void claimsTheNipsThatTheTableShowsToBeKept() throws Exception {
        try (SuiteProcess suite = SuiteProcess.serving(directory);
                HttpClient client = HttpClient.newHttpClient()) {
            URI page = URI.create("http://" + suite.uri().getAuthority());
            HttpResponse<String> document = client.send(
                    HttpRequest.newBuilder(page)
                            .header("Accept", "application/nostr+json")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(RelayClient.parse(document.body()).get("supported_nips").valueStream())
                    .extracting(JsonNode::asInt)
                    .containsExactlyElementsOf(NipsTable.rows().stream()
                            .filter(NipsTable.Row::claimed)
                            .map(NipsTable.Row::nip)
                            .distinct()
                            .sorted()
                            .toList());
        }
    }

    @Test
    void endsTheServersOfAKilledRunAndKeepsItsData() throws Exception {
        Event event = note("kept");
        List<ProcessHandle> orphans;
        try (SuiteProcess suite = SuiteProcess.serving(directory)) {
            publish(suite.uri(), event);
            orphans = suite.children();
            suite.kill();
        }

        assertThat(orphans).hasSize(2).allMatch(ProcessHandle::isAlive);
        try (SuiteProcess again = SuiteProcess.serving(directory)) {
            assertThat(orphans).noneMatch(ProcessHandle::isAlive);
            assertIsFound(again.uri(), event);
        }
    }

    @Test
    void stopsInOrderWhenTheTerminalInterruptsItAndItsServersAlike() throws Exception {
        try (SuiteProcess suite = SuiteProcess.serving(directory)) {
            publish(suite.uri(), note("before"));
            List<ProcessHandle> servers = suite.children();

            assertThat(suite.interrupt()).isEqualTo(INTERRUPTED);
            assertThat(servers).noneMatch(ProcessHandle::isAlive);
            assertThat(complaints(suite)).isEmpty();
        }
    }

    @Test
    void keepsItsSecretsToItself() throws Exception {
        SuiteProcess.serving(directory).close();

        for (String secret : List.of("secret", "postgres/password", "redis/password", "redis/redis.conf")) {
            assertThat(Files.getPosixFilePermissions(directory.resolve(secret)))
                    .as(secret)
                    .extracting(Enum::name)
                    .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE");
        }
    }

    @Test
    void leavesADirectoryThatIsInUseAlone() throws Exception {
        Event event = note("undisturbed");
        try (SuiteProcess first = SuiteProcess.serving(directory)) {
            assertRefuses(
                    directory,
                    List.of("--relay.port=0"),
                    "The data directory " + directory + " is used by another Rookery");
            publish(first.uri(), event);
            assertIsFound(first.uri(), event);
        }
    }

    @Test
    void refusesATakenPort(@TempDir Path fresh) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertRefuses(
                    fresh,
                    List.of("--relay.port=" + other.getLocalPort()),
                    "Port " + other.getLocalPort() + " of 127.0.0.1 cannot be had: Address already in use");
        }
        assertThat(fresh).as("nothing was started").isEmptyDirectory();
    }

    /// Not even root can write there.
    @Test
    void refusesADirectoryThatItCannotWrite() throws Exception {
        Path unwritable = Path.of("/proc/rookery");

        assertRefuses(unwritable, List.of("--relay.port=0"), "The data directory /proc/rookery cannot be written");
    }

    @Test
    void refusesASettingThatDoesNotExist() throws Exception {
        assertRefuses(directory, List.of("--relay.prot=1"), "relay.prot is no setting, perhaps relay.port is meant");
    }

    @Test
    void refusesAValueThatAServiceCannotTake(@TempDir Path fresh) throws Exception {
        assertRefuses(fresh, List.of("--relay.port=0", "--relay.public-url=http://example.com"), "relay.public-url");
        assertThat(fresh).as("nothing was started").isEmptyDirectory();
    }

    @Test
    void endsWhenAServerEndsByItself() throws Exception {
        try (SuiteProcess suite = SuiteProcess.serving(directory)) {
            List<ProcessHandle> servers = suite.children();
            servers.getFirst().destroyForcibly();

            assertThat(suite.exitCode()).isEqualTo(1);
            assertThat(suite.output()).anyMatch(line -> line.endsWith(" has ended by itself"));
            assertThat(servers).noneMatch(ProcessHandle::isAlive);
        }
    }

    /// Kafka does not throw when its own log is broken: it halts the JVM.
    @Test
    void leavesNoServerBehindWhenTheBrokerEndsTheProcessInItsStart() throws Exception {
        SuiteProcess.serving(directory).close();
        Path state = directory.resolve("kafka/log/__cluster_metadata-0/quorum-state");
        String good = Files.readString(state);
        Files.writeString(state, "not what Kafka has written");
        try (SuiteProcess suite = SuiteProcess.started(directory, List.of("--relay.port=0"))) {
            assertThat(suite.exitCode()).isEqualTo(1);
            Awaitility.await().atMost(STOP_BOUND).until(() -> serversIn(directory), List::isEmpty);
        } finally {
            Files.writeString(state, good);
        }
    }

    private static List<String> serversIn(Path data) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().command().stream())
                .filter(command -> command.startsWith(data.toString()))
                .toList();
    }

    /// One clear line, and an exit code that says that it failed.
    private static void assertRefuses(Path data, List<String> arguments, String reason) throws Exception {
        try (SuiteProcess suite = SuiteProcess.started(data, arguments)) {
            assertThat(suite.exitCode()).isEqualTo(1);
            assertThat(complaints(suite)).singleElement().asString().contains("Cannot start: ", reason);
        }
    }

    /// All that is not progress.
    private static List<String> complaints(SuiteProcess suite) {
        return suite.output().stream().filter(line -> !line.contains(" INFO ")).toList();
    }

    private static void publish(URI relay, Event event) throws Exception {
        try (RelayClient client = new RelayClient(relay)) {
            assertThat(client.publish(json(event))).isEqualTo(new RelayClient.Ok(true, ""));
        }
    }

    private static void assertIsFound(URI relay, Event event) throws Exception {
        try (RelayClient client = new RelayClient(relay)) {
            List<JsonNode> found = client.query("{\"ids\":[\"" + event.id() + "\"]}");
            assertThat(found).containsExactly(RelayClient.parse(json(event)));
        }
    }

    private static Event note(String text) {
        return Event.of(AUTHOR, Instant.now().getEpochSecond(), 1, List.of(), text);
    }

    private static String json(Event event) {
        return new String(event.json(), StandardCharsets.UTF_8);
    }

    private static byte[] secret() {
        byte[] secret = new byte[32];
        secret[31] = 7;
        return secret;
    }
}
