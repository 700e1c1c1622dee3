package dev.rookery.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.json.MalformedMessageException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// The JSON of an event, of which single fields can be replaced by whatever text.
final class EventJson {

    static final String ID = "a".repeat(64);
    static final String PUBKEY = "b".repeat(64);

    private final Map<String, String> fields = new LinkedHashMap<>();

    EventJson() {
        fields.put("id", "\"" + ID + "\"");
        fields.put("pubkey", "\"" + PUBKEY + "\"");
        fields.put("created_at", "1700000000");
        fields.put("kind", "1");
        fields.put("tags", "[]");
        fields.put("content", "\"hello\"");
        fields.put("sig", "\"" + "c".repeat(128) + "\"");
    }

    static EventJson with(String field, String json) {
        EventJson event = new EventJson();
        event.fields.put(field, json);
        return event;
    }

    static EventJson without(String field) {
        EventJson event = new EventJson();
        event.fields.remove(field);
        return event;
    }

    Event read() throws MalformedMessageException {
        return EventReader.read(toString().getBytes(UTF_8));
    }

    @Override
    public String toString() {
        return fields.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
