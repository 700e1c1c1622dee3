package dev.rookery.gateway;

import static dev.rookery.gateway.RunningGateway.publish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.order.Decision;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Invariant: every limit that NIP-11 has a field for is advertised and enforced, at exactly the same figure.
@Timeout(60)
class LimitsTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static FakeServices services;
    private static RunningGateway gateway;
    private static JsonNode limitation;

    @BeforeAll
    static void start() throws Exception {
        services = new FakeServices();
        gateway = RunningGateway.startLinked(
                services,
                "--relay.limits.enabled=false",
                "--relay.limits.message-size=20KB",
                "--relay.limits.content-length=40",
                "--relay.limits.event-tags=3",
                "--relay.limits.subscriptions=2",
                "--relay.limits.subscription-id-length=5",
                "--relay.limits.max-limit=50",
                "--relay.limits.default-limit=7",
                "--relay.limits.filters=2",
                "--relay.limits.filter-keys=3",
                "--relay.limits.filter-tag-values=2",
                "--relay.limits.refused-kinds=9",
                "--relay.limits.created-at-ahead=100s");
        limitation = document().get("limitation");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        services.close();
    }

    private static JsonNode document() throws Exception {
        return gateway.document();
    }

    private static int limit(String field) {
        return limitation.get(field).asInt();
    }

    @Test
    void advertisesWhatThisTestShowsToBeEnforced() throws Exception {
        Set<String> fields = new HashSet<>(limitation.propertyNames());
        assertThat(fields)
                .containsExactlyInAnyOrder(
                        "max_message_length",
                        "max_subscriptions",
                        "max_limit",
                        "max_subid_length",
                        "max_event_tags",
                        "max_content_length",
                        "min_pow_difficulty",
                        "auth_required",
                        "payment_required",
                        "restricted_writes",
                        "created_at_lower_limit",
                        "created_at_upper_limit",
                        "default_limit");
        assertThat(limit("max_message_length")).isEqualTo(20 * 1024);
        assertThat(limit("max_content_length")).isEqualTo(40);
        assertThat(limit("created_at_upper_limit")).isEqualTo(100);
        assertThat(limit("min_pow_difficulty")).isZero();
        for (String flag : List.of("auth_required", "payment_required", "restricted_writes")) {
            assertThat(limitation.get(flag).asBoolean()).as(flag).isFalse();
        }
        assertThat(document().get("supported_nips").values()).allMatch(JsonNode::isInt);
        assertThat(document().get("name").asString().length()).isLessThan(30);
    }

    private static void assertTaken(Event event) throws Exception {
        try (RawClient client = gateway.client()) {
            client.text(publish(event));
            gateway.log.next();
            gateway.verdicts.decide(event.id(), Decision.ACCEPTED);
            assertThat(client.message()).contains("true,\"\"");
        }
    }

    private static void assertRefused(Event event, String reason) throws Exception {
        try (RawClient client = gateway.client()) {
            client.text(publish(event));
            assertThat(client.message()).contains("false,\"" + reason);
        }
    }

    private static Event event(long createdAt, int tags, String content) {
        List<Tag> list = Collections.nCopies(tags, new Tag(List.of("t", "x")));
        return Event.of(RunningGateway.SIGNER, createdAt, 1, list, content);
    }

    /// NIP-13.
    @Test
    void asksForAsMuchWorkAsItAdvertises() throws Exception {
        try (RunningGateway strict =
                        RunningGateway.start("--relay.limits.enabled=false", "--relay.limits.pow-difficulty=4");
                RawClient client = strict.client()) {
            assertThat(strict.document()
                            .get("limitation")
                            .get("min_pow_difficulty")
                            .asInt())
                    .isEqualTo(4);
            Event event = event(RunningGateway.now(), 0, "0");
            for (int nonce = 1; event.id().toBytes()[0] >> 4 == 0; nonce++) {
                event = event(RunningGateway.now(), 0, "" + nonce);
            }
            client.text(publish(event));
            assertThat(client.message()).contains("false,\"pow: difficulty ").contains(" is less than 4");
            for (int nonce = 1; event.id().toBytes()[0] >> 4 != 0; nonce++) {
                event = event(RunningGateway.now(), 0, "" + nonce);
            }
            client.text(publish(event));
            strict.log.next();
            strict.verdicts.decide(event.id(), Decision.ACCEPTED);
            assertThat(client.message()).contains("true,\"\"");
        }
    }

    @Test
    void countsContentInCodePoints() throws Exception {
        int limit = limit("max_content_length");
        assertTaken(event(RunningGateway.now(), 0, "\ud83d\ude00".repeat(limit)));
        assertRefused(event(RunningGateway.now(), 0, "\ud83d\ude00".repeat(limit) + "x"), "invalid: content");
    }

    @Test
    void countsTags() throws Exception {
        assertTaken(event(RunningGateway.now(), limit("max_event_tags"), ""));
        assertRefused(event(RunningGateway.now(), limit("max_event_tags") + 1, ""), "invalid: more than 3 tags");
    }

    @Test
    void takesTimesFromEarliestToLatest() throws Exception {
        long now = Instant.now().getEpochSecond();
        long lower = document().get("limitation").get("created_at_lower_limit").asLong();
        assertThat(Instant.now().getEpochSecond() - lower).isBetween(946_684_800L, 946_684_802L);
        assertTaken(event(946_684_800, 0, ""));
        assertRefused(event(946_684_799, 0, ""), "invalid: created_at");
        assertTaken(event(now + limit("created_at_upper_limit"), 0, ""));
        assertRefused(event(now + limit("created_at_upper_limit") + 10, 0, ""), "invalid: created_at");
    }

    @Test
    void refusesKindsThatAreNotTaken() throws Exception {
        assertRefused(RunningGateway.event(9, ""), "blocked: kind 9");
    }

    @Test
    void boundsOpenSubscriptionsAndLetsThemBeReplaced() throws Exception {
        try (RawClient client = gateway.client()) {
            for (int i = 0; i < limit("max_subscriptions"); i++) {
                client.text("[\"REQ\",\"s" + i + "\",{}]");
                assertThat(client.message()).isEqualTo("[\"EOSE\",\"s" + i + "\"]");
            }
            client.text("[\"REQ\",\"more\",{}]");
            assertThat(client.message()).startsWith("[\"CLOSED\",\"more\",\"rate-limited: ");
            client.text("[\"REQ\",\"s0\",{}]");
            assertThat(client.message()).isEqualTo("[\"EOSE\",\"s0\"]");
            client.text("[\"CLOSE\",\"s1\"]");
            client.text("[\"REQ\",\"more\",{}]");
            assertThat(client.message()).isEqualTo("[\"EOSE\",\"more\"]");
        }
    }

    /// Each refusal says CLOSED, after which nothing may come under that id; the place of what was open is free again.
    @Test
    void endsWhatWasOpenUnderTheIdOfARefusedRequest() throws Exception {
        try (RawClient client = gateway.client()) {
            for (int i = 0; i < limit("max_subscriptions"); i++) {
                client.text("[\"REQ\",\"s" + i + "\",{}]");
                assertThat(client.message()).isEqualTo("[\"EOSE\",\"s" + i + "\"]");
            }
            client.text("[\"REQ\",\"s0\",{\"kinds\":[1,2,3,4]}]");
            assertThat(client.message()).startsWith("[\"CLOSED\",\"s0\",");
            client.text("[\"REQ\",\"more\",{}]");
            assertThat(client.message()).isEqualTo("[\"EOSE\",\"more\"]");
        }
    }

    @Test
    void boundsSubscriptionIds() throws Exception {
        String longest = "\u00e9".repeat(limit("max_subid_length"));
        try (RawClient client = gateway.client()) {
            client.text("[\"REQ\",\"" + longest + "\",{}]");
            assertThat(client.message()).isEqualTo("[\"EOSE\",\"" + longest + "\"]");
            client.text("[\"REQ\",\"" + longest + "x\",{}]");
            assertThat(client.message()).startsWith("[\"NOTICE\",\"invalid: subscription id");
        }
    }

    @Test
    void boundsFilters() throws Exception {
        String[] tooMuch = {
            "{},{},{}",
            "{\"kinds\":[1,2,3,4]}",
            "{\"#t\":[\"1\",\"2\",\"3\"]}",
            "{\"limit\":-1}",
            "{\"limit\":1.5}",
            "{\"limit\":\"5\"}",
            "{\"kinds\":\"1\"}",
            "[]",
            "\"x\"",
            "{\"foo\":1}",
            "{\"#title\":[\"x\"]}",
            "{\"#\":[\"x\"]}"
        };
        try (RawClient client = gateway.client()) {
            for (String filters : tooMuch) {
                client.text("[\"REQ\",\"a\"," + filters + "]");
                assertThat(client.message()).as(filters).matches("\\[\"CLOSED\",\"a\",\"(invalid|unsupported): .*");
            }
            client.text("[\"REQ\",\"a\"]");
            assertThat(client.message()).startsWith("[\"CLOSED\",\"a\",\"invalid: ");
            client.text("[\"REQ\",\"a\",{\"kinds\":[1,2,3],\"#t\":[\"1\",\"2\"]},{}]");
            assertThat(client.message()).isEqualTo("[\"EOSE\",\"a\"]");
        }
    }

    @Test
    void lowersLimitsSilentlyAndGivesADefault() throws Exception {
        services.queries.clear();
        try (RawClient client = gateway.client()) {
            client.text("[\"REQ\",\"a\",{\"limit\":1000000},{\"kinds\":[1]}]");
            assertThat(client.message()).isEqualTo("[\"EOSE\",\"a\"]");
            List<Filter> asked = asked();
            assertThat(asked.getFirst().limit()).hasValue(limit("max_limit"));
            assertThat(asked.getLast().limit()).hasValue(limit("default_limit"));
            client.text("[\"REQ\",\"a\",{\"limit\":50},{\"limit\":0,\"authors\":[]}]");
            assertThat(client.message()).isEqualTo("[\"EOSE\",\"a\"]");
        }
    }

    private static List<Filter> asked() throws Exception {
        var query = services.queries.poll(10, TimeUnit.SECONDS);
        return FilterReader.readAll(query.filters());
    }

    @Test
    void echoesAwkwardSubscriptionIdsAsJson() throws Exception {
        try (RawClient client = gateway.client()) {
            client.text("[\"REQ\",\"a\\\"b\\\\\\u0000\",{}]");
            assertThat(client.message()).isEqualTo("[\"EOSE\",\"a\\\"b\\\\\\u0000\"]");
        }
    }

    @Test
    void keepsSubscriptionsOfDifferentConnectionsApart() throws Exception {
        try (RawClient one = gateway.client();
                RawClient other = gateway.client()) {
            one.text("[\"REQ\",\"a\",{}]");
            assertThat(one.message()).isEqualTo("[\"EOSE\",\"a\"]");
            other.text("[\"CLOSE\",\"a\"]");
            other.text("[\"REQ\",\"a\",{}]");
            assertThat(other.message()).isEqualTo("[\"EOSE\",\"a\"]");
        }
    }
}
