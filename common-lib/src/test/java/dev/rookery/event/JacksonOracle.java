package dev.rookery.event;

import dev.rookery.json.MalformedMessageException.Addressee;
import dev.rookery.scenario.ScenarioEvent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// What NIP-01 says of some bytes, read with Jackson and judged in the plainest code.
final class JacksonOracle {

    private static final String SIGNATURE = "5".repeat(128);

    private final Set<String> keys = new HashSet<>();
    private final Set<String> good = new HashSet<>();
    private boolean wrong;
    private Optional<String> usableId = Optional.empty();
    private String id = "";
    private String pubkey = "";
    private long createdAt;
    private int kind;
    private List<List<String>> tags = List.of();
    private String content = "";
    private String signature = "";

    /// Either the canonical JSON, or whom the refusal is addressed to.
    record Answer(String json, Addressee addressee) {}

    static Answer judge(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new Answer("", new Addressee.NotUtf8());
        }
        return new JacksonOracle().judge(text);
    }

    private Answer judge(String text) {
        try (JsonParser parser = JsonMapper.shared().createParser(text)) {
            boolean object = parser.nextToken() == JsonToken.START_OBJECT;
            while (object && parser.nextToken() != JsonToken.END_OBJECT) {
                member(parser);
            }
            if (!object || parser.nextToken() != null) {
                return new Answer("", addressee(object && parser.currentToken() == null));
            }
        } catch (JacksonException e) {
            return new Answer("", new Addressee.Nobody());
        }
        if (wrong || good.size() < 7) {
            return new Answer("", addressee(true));
        }
        ScenarioEvent event = new ScenarioEvent(id, pubkey, createdAt, kind, tags, content);
        return new Answer(
                event.json().replace("\"sig\":\"" + SIGNATURE, "\"sig\":\"" + signature), new Addressee.Nobody());
    }

    private Addressee addressee(boolean goodJson) {
        return goodJson && usableId.isPresent() ? new Addressee.OfEvent(usableId.get()) : new Addressee.Nobody();
    }

    private void member(JsonParser parser) {
        String key = parser.currentName();
        wrong |= !keys.add(key) || isUnpaired(key);
        JsonToken value = parser.nextToken();
        switch (key) {
            case "id" -> {
                id = hex(parser, value, key, 64);
                usableId = usableId.or(() -> Optional.of(id).filter(digits -> !digits.isEmpty()));
            }
            case "pubkey" -> pubkey = hex(parser, value, key, 64);
            case "sig" -> signature = hex(parser, value, key, 128);
            case "created_at" -> createdAt = number(parser, value, key, (1L << 53) - 1);
            case "kind" -> kind = (int) number(parser, value, key, 65_535);
            case "content" -> content = text(parser, value, key);
            case "tags" -> tags = tags(parser, value);
            default -> parser.skipChildren();
        }
    }

    private String hex(JsonParser parser, JsonToken value, String key, int digits) {
        String text = value == JsonToken.VALUE_STRING ? parser.getString() : "";
        boolean fits = text.matches("[0-9a-f]{" + digits + "}");
        note(key, fits);
        parser.skipChildren();
        return fits ? text : "";
    }

    private long number(JsonParser parser, JsonToken value, String key, long highest) {
        String digits = value == JsonToken.VALUE_NUMBER_INT ? parser.getString() : "";
        boolean fits = digits.matches("0|[1-9][0-9]{0,15}") && Long.parseLong(digits) <= highest;
        note(key, fits);
        parser.skipChildren();
        return fits ? Long.parseLong(digits) : 0;
    }

    private String text(JsonParser parser, JsonToken value, String key) {
        String text = value == JsonToken.VALUE_STRING ? parser.getString() : "";
        note(key, value == JsonToken.VALUE_STRING && !isUnpaired(text));
        parser.skipChildren();
        return text;
    }

    private List<List<String>> tags(JsonParser parser, JsonToken value) {
        List<List<String>> all = new ArrayList<>();
        boolean fits = value == JsonToken.START_ARRAY;
        while (value == JsonToken.START_ARRAY && parser.nextToken() != JsonToken.END_ARRAY) {
            List<String> tag = new ArrayList<>();
            boolean array = parser.currentToken() == JsonToken.START_ARRAY;
            fits &= array;
            while (array && parser.nextToken() != JsonToken.END_ARRAY) {
                boolean string = parser.currentToken() == JsonToken.VALUE_STRING;
                tag.add(string ? parser.getString() : "");
                fits &= string && !isUnpaired(tag.getLast());
                parser.skipChildren();
            }
            fits &= !tag.isEmpty();
            parser.skipChildren();
            all.add(tag);
        }
        parser.skipChildren();
        note("tags", fits);
        return all;
    }

    private void note(String key, boolean fits) {
        wrong |= !fits;
        good.add(key);
    }

    private static boolean isUnpaired(String text) {
        return !StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
