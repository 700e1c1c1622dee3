package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.scenario.RealEvents;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Events as public relays had them, in by the socket and out by the socket.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RealEventsIT {

    private final List<String> events = RealEvents.json().stream()
            .map(json -> new String(json, StandardCharsets.UTF_8))
            .toList();
    private final ExpectedStore expected = new ExpectedStore(Instant.now().getEpochSecond());

    @TempDir
    Path directory;

    @Test
    void answersEachAsTheProtocolDemandsAndServesWhatItHasToKeep() throws Exception {
        try (SuiteProcess suite = SuiteProcess.patient(directory)) {
            assertAnswers(suite.uri());
            assertServes(suite.uri());
        }
        try (SuiteProcess again = SuiteProcess.serving(directory)) {
            assertServes(again.uri());
        }
    }

    private void assertAnswers(URI relay) throws Exception {
        try (RelayClient client = new RelayClient(relay)) {
            Map<String, RelayClient.Ok> answers = client.publish(events);

            assertThat(answers).hasSameSizeAs(events);
            for (String event : events) {
                JsonNode parsed = RelayClient.parse(event);
                RelayClient.Ok answer = answers.get(parsed.get("id").asString());
                assertThat(answer.accepted()).as("%s: %s", answer, event).isEqualTo(expected.accepts(parsed));
                assertThat(answer.message()).as(event).matches(answer.accepted() ? "" : "(invalid|blocked): .+");
            }
            // Two are ephemeral, two have expired; of six there is a newer version; eight their authors have deleted.
            assertThat(expected.size()).isEqualTo(events.size() - 10 - 8);
        }
    }

    private void assertServes(URI relay) throws Exception {
        try (RelayClient client = new RelayClient(relay)) {
            assertFinds(client, expected.byId());
            assertFinds(client, expected.byAuthor());
            assertFinds(client, expected.byKind());
            assertFinds(client, expected.byTag());
            assertThat(client.query(absent()).stream().flatMap(List::stream)).isEmpty();
        }
    }

    /// Equal in every field, and in the order of NIP-01.
    private static void assertFinds(RelayClient client, Map<String, List<JsonNode>> answers) throws Exception {
        List<String> filters = new ArrayList<>(answers.keySet());
        List<List<JsonNode>> found = client.query(filters);
        for (int i = 0; i < filters.size(); i++) {
            assertThat(found.get(i)).as(filters.get(i)).isEqualTo(answers.get(filters.get(i)));
        }
    }

    private List<String> absent() {
        return events.stream()
                .map(RelayClient::parse)
                .filter(event -> !expected.keeps(event))
                .map(event -> "{\"ids\":[" + event.get("id") + "]}")
                .toList();
    }
}
