package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The NIPs that ask a relay for nothing but to keep their kinds and to find them by their tags.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class StoredKindsIT {

    /// As in the description of a zap receipt, whose hash clients compare: an event within a tag.
    private static final String JSON_TEXT =
            "{\"kind\":9734,\"content\":\"\\\"Zap\\\" \\u00e9 \u00e9 \\\\ / \uD83D\uDC26 \\n\",\"tags\":[[\"p\",\"\u0000\u007f\"]]}";

    @TempDir
    static Path directory;

    private static LocalRelay relay;
    private static int tests;

    private final RelayClient client = relay.client();
    private final SchnorrSigner author = relay.author();
    private final long now = LocalRelay.now();
    private final Map<String, String> values =
            Map.of("p", key(), "q", key(), "e", key(), "n", "n" + ++tests, "json", JSON_TEXT, "bech32", "<bech32>");

    @BeforeAll
    static void start() throws Exception {
        relay = new LocalRelay(directory);
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    static List<StoredKind> kinds() {
        return StoredKind.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void areFoundAsClientsAskForThem(StoredKind stored) throws Exception {
        List<Tag> tags = stored.tags(values);
        Event first = event(stored, now - 10, tags);
        accepted(first);
        assertFound(stored, tags, first);
        Event second = event(stored, now - 5, tags);
        accepted(second);
        if (stored.kept() == StoredKind.Kept.ALL) {
            assertFound(stored, tags, second, first);
            return;
        }
        assertFound(stored, tags, second);
        assertThat(found("{\"ids\":[\"" + first.id() + "\"]}")).isEmpty();
        assertThat(client.publish(first.toString()).accepted())
                .as("the older one again")
                .isFalse();
        Event other = event(stored, now - 3, withAnotherD(tags));
        accepted(other);
        boolean keepsBoth = stored.kept() == StoredKind.Kept.ONE_PER_D;
        assertThat(found(filter(stored, tags, List.of("author"))))
                .isEqualTo(Stream.of(other, second)
                        .limit(keepsBoth ? 2 : 1)
                        .map(Event::toString)
                        .toList());
    }

    private void assertFound(StoredKind stored, List<Tag> tags, Event... expected) throws Exception {
        for (List<String> asked : stored.filters()) {
            String filter = filter(stored, tags, asked);
            assertThat(found(filter))
                    .as(filter)
                    .isEqualTo(Stream.of(expected).map(Event::toString).toList());
        }
    }

    private String filter(StoredKind stored, List<Tag> tags, List<String> asked) {
        StringBuilder filter = new StringBuilder("{\"kinds\":[" + stored.kind() + "]");
        for (String field : asked) {
            if (field.equals("author")) {
                filter.append(",\"authors\":[\"")
                        .append(Bytes32.of(author.publicKey()))
                        .append("\"]");
            } else {
                filter.append(",\"")
                        .append(field)
                        .append("\":[\"")
                        .append(value(tags, field))
                        .append("\"]");
            }
        }
        return filter.append("}").toString();
    }

    private static String value(List<Tag> tags, String field) {
        return tags.stream()
                .filter(tag -> tag.name().equals(field.substring(1)))
                .map(tag -> tag.elements().get(1))
                .findFirst()
                .orElseThrow();
    }

    /// The events as they come, byte for byte.
    private List<String> found(String filter) throws Exception {
        client.send("[\"REQ\",\"q\"," + filter + "]");
        List<String> events = new ArrayList<>();
        while (true) {
            String message = client.poll(Duration.ofSeconds(30)).orElseThrow();
            if (message.startsWith("[\"EOSE\"")) {
                client.send("[\"CLOSE\",\"q\"]");
                return events;
            }
            assertThat(message).startsWith("[\"EVENT\",\"q\",{");
            events.add(message.substring("[\"EVENT\",\"q\",".length(), message.length() - 1));
        }
    }

    private void accepted(Event event) throws Exception {
        assertThat(client.publish(event.toString())).as(event.toString()).isEqualTo(new RelayClient.Ok(true, ""));
    }

    private Event event(StoredKind stored, long createdAt, List<Tag> tags) {
        return Event.of(author, createdAt, stored.kind(), tags, JSON_TEXT);
    }

    /// `d` has no meaning for kinds that are replaced as such.
    private static List<Tag> withAnotherD(List<Tag> tags) {
        return Stream.concat(
                        Stream.of(Tag.of("d", "another")),
                        tags.stream().filter(tag -> !tag.name().equals("d")))
                .toList();
    }

    private static String key() {
        return Bytes32.of(relay.author().publicKey()).toString();
    }
}
