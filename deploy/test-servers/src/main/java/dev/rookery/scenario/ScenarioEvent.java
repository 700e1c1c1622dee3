package dev.rookery.scenario;

import java.util.Comparator;
import java.util.List;

/// A well-formed event, unsigned: its id and signature are random digits.
public record ScenarioEvent(
        String id, String pubkey, long createdAt, int kind, List<List<String>> tags, String content) {

    /// NIP-01: newest first, then the lowest id.
    public static final Comparator<ScenarioEvent> SERVED_ORDER =
            Comparator.comparingLong(ScenarioEvent::createdAt).reversed().thenComparing(ScenarioEvent::id);

    private static final String SIGNATURE = "5".repeat(128);

    /// In the order and spelling of fields that the relay serves.
    public String json() {
        JsonText json = new JsonText();
        json.raw("{\"id\":").string(id).raw(",\"pubkey\":").string(pubkey);
        json.raw(",\"created_at\":" + createdAt + ",\"kind\":" + kind + ",\"tags\":");
        json.array(tags, tag -> json.array(tag, json::string));
        return json.raw(",\"content\":")
                .string(content)
                .raw(",\"sig\":")
                .string(SIGNATURE)
                .raw("}")
                .toString();
    }
}
