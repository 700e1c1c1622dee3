package dev.rookery.standalone;

import static dev.rookery.standalone.LocalRelay.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Each rule about what is not to be shown, through each way in which stored events can be asked for.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class OutletsIT {

    private static final String WORD = "outlets";
    private static final Tag TOPIC = Tag.of("t", WORD);

    @TempDir
    static Path directory;

    private static LocalRelay relay;
    private static RelayClient client;
    private static final Map<Rule, Event> EVENTS = new EnumMap<>(Rule.class);

    /// What became of an event that was accepted.
    enum Rule {
        KEPT,
        DELETED,
        DELETED_BY_ADDRESS,
        REPLACED,
        EXPIRED,
        VANISHED,
        EPHEMERAL,
        FOR_SOMEONE_ELSE
    }

    private interface Question {
        boolean finds(RelayClient client, Event event) throws Exception;
    }

    enum Outlet {
        REQ_BY_ID(req("{\"ids\":[\"ID\"]}")),
        REQ_BY_AUTHOR(req("{\"authors\":[\"AUTHOR\"]}")),
        REQ_BY_AUTHOR_AND_KIND(req("{\"authors\":[\"AUTHOR\"],\"kinds\":[KIND,9999]}")),
        REQ_BY_KIND(req("{\"kinds\":[9999,KIND]}")),
        REQ_BY_TAG(req("{\"#t\":[\"outlets\"]}")),
        REQ_BY_TAG_AND_AUTHOR(req("{\"#t\":[\"outlets\"],\"authors\":[\"AUTHOR\"]}")),
        REQ_BY_TIME(req("{\"since\":TIME,\"until\":TIME}")),
        REQ_FOR_ALL(req("{}")),
        SEARCH(req("{\"search\":\"outlets\"}")),
        COUNT_BY_ID(count("{\"ids\":[\"ID\"]}")),
        COUNT_BY_AUTHOR(count("{\"authors\":[\"AUTHOR\"],\"kinds\":[KIND,9999],\"#t\":[\"outlets\"]}")),
        COUNT_BY_TAG(count("{\"#t\":[\"outlets\"],\"ids\":[\"ID\"]},{\"ids\":[\"ID\"]}")),
        COUNT_BY_SEARCH(count("{\"search\":\"outlets\",\"ids\":[\"ID\"]}")),
        RECONCILIATION(reconciled("{}")),
        RECONCILIATION_BY_AUTHOR(reconciled("{\"authors\":[\"AUTHOR\"]}"));

        private final Question question;

        Outlet(Question question) {
            this.question = question;
        }

        private static Question req(String filter) {
            return (client, event) -> client.query(filled(filter, event)).stream()
                    .anyMatch(found ->
                            found.get("id").asString().equals(event.id().toString()));
        }

        private static Question count(String filters) {
            return (client, event) -> {
                client.send("[\"COUNT\",\"count\"," + filled(filters, event) + "]");
                JsonNode answer = client.take();
                assertThat(answer.get(0).asString()).as(answer.toString()).isEqualTo("COUNT");
                return answer.get(2).get("count").asInt() == 1;
            };
        }

        /// As one who has nothing: the answer is a range of all ids.
        private static Question reconciled(String filter) {
            return (client, event) -> {
                client.send("[\"NEG-OPEN\",\"sync\"," + filled(filter, event) + ",\"6100000200\"]");
                JsonNode answer = client.take();
                client.send("[\"NEG-CLOSE\",\"sync\"]");
                assertThat(answer.get(0).asString()).as(answer.toString()).isEqualTo("NEG-MSG");
                return answer.get(2).asString().contains(event.id().toString());
            };
        }

        private static String filled(String filter, Event event) {
            return filter.replace("ID", event.id().toString())
                    .replace("AUTHOR", event.pubkey().toString())
                    .replace("KIND", "" + event.kind())
                    .replace("TIME", "" + event.createdAt());
        }
    }

    @BeforeAll
    static void start() throws Exception {
        relay = new LocalRelay(directory);
        client = relay.client();
        long now = LocalRelay.now();
        for (Rule rule : Rule.values()) {
            prepare(rule, relay.author(), now);
        }
        Event expiring = Objects.requireNonNull(EVENTS.get(Rule.EXPIRED));
        Awaitility.await().until(() -> expiring.isExpired(LocalRelay.now()));
    }

    @AfterAll
    static void stop() {
        client.close();
        relay.close();
    }

    private static void prepare(Rule rule, SchnorrSigner author, long now) throws Exception {
        switch (rule) {
            case KEPT -> accepted(rule, event(author, now, 1, WORD, TOPIC));
            case DELETED -> {
                Event note = event(author, now, 1, WORD, TOPIC);
                accepted(rule, note);
                accepted(event(author, now, 5, "", Tag.of("e", note.id().toString())));
            }
            case DELETED_BY_ADDRESS -> {
                accepted(rule, event(author, now, 30_023, WORD, TOPIC, Tag.of("d", "x")));
                String address = "30023:" + Bytes32.of(author.publicKey()) + ":x";
                accepted(event(author, now, 5, "", Tag.of("a", address)));
            }
            case REPLACED -> {
                accepted(rule, event(author, now - 1, 30_023, WORD, TOPIC, Tag.of("d", "x")));
                accepted(event(author, now, 30_023, "another", Tag.of("d", "x")));
            }
            case EXPIRED -> {
                Tag soon = Tag.of("expiration", "" + (LocalRelay.now() + 2));
                accepted(rule, event(author, now, 1, WORD, TOPIC, soon));
            }
            case VANISHED -> {
                accepted(rule, event(author, now, 1, WORD, TOPIC));
                accepted(event(author, now, 62, "", Tag.of("relay", "ALL_RELAYS")));
            }
            case EPHEMERAL -> accepted(rule, event(author, now, 20_001, WORD, TOPIC));
            case FOR_SOMEONE_ELSE -> {
                Tag to = Tag.of("p", Bytes32.of(relay.author().publicKey()).toString());
                accepted(rule, event(author, now, 1059, WORD, TOPIC, to));
            }
        }
    }

    static Stream<Arguments> rulesAndOutlets() {
        return Arrays.stream(Rule.values())
                .flatMap(rule -> Arrays.stream(Outlet.values()).map(outlet -> Arguments.of(rule, outlet)));
    }

    /// Where a filter asks for private kinds alone, a challenge is the answer; so they are asked for with others.
    @ParameterizedTest
    @MethodSource("rulesAndOutlets")
    void showWhatIsKeptAndNothingElse(Rule rule, Outlet outlet) throws Exception {
        Event event = Objects.requireNonNull(EVENTS.get(rule));

        assertThat(outlet.question.finds(client, event)).isEqualTo(rule == Rule.KEPT);
    }

    private static void accepted(Rule rule, Event event) throws Exception {
        EVENTS.put(rule, event);
        accepted(event);
    }

    private static void accepted(Event event) throws Exception {
        assertThat(client.publish(event.toString())).isEqualTo(new RelayClient.Ok(true, ""));
    }
}
