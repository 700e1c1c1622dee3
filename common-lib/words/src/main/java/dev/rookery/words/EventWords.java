package dev.rookery.words;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.json.JsonCursor;
import dev.rookery.json.MalformedMessageException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// The words of one event, each with the places where it stands and what a place is worth: `A` a name or title, `B` a
/// summary, `D` the text itself.
///
/// All of its texts together are read as far as a single one would be.
///
/// Of a profile (kind 0) and a channel (40, 41), whose content is JSON, the fields that are written for people count.
/// Of all others the content and some tags do.
public final class EventWords {

    static final int MOST_WORDS = 1_000;
    private static final int MOST_PLACES_OF_A_WORD = 16;
    /// PostgreSQL counts no further.
    private static final int LAST_PLACE = 16_383;

    private static final Map<String, Character> FIELDS =
            Map.of("name", 'A', "display_name", 'A', "nip05", 'B', "about", 'D');
    private static final Map<String, Character> TAGS =
            Map.of("title", 'A', "subject", 'A', "name", 'A', "summary", 'B', "description", 'B', "alt", 'B');

    private final Map<String, Places> words = new LinkedHashMap<>();
    private int charactersLeft = Words.MOST_CHARACTERS;
    private int last;

    private EventWords() {}

    private record Places(int count, String text) {

        Places and(int place, char weight) {
            String one = place + String.valueOf(weight);
            return new Places(count + 1, text.isEmpty() ? one : text + "," + one);
        }
    }

    public static EventWords of(Event event) {
        EventWords words = new EventWords();
        for (Tag tag : event.tags()) {
            Character weight = TAGS.get(tag.name());
            String value = tag.value();
            if (weight != null && value != null) {
                words.add(value, weight);
            }
        }
        switch (event.kind()) {
            case 0, 40, 41 -> words.addFields(event.content());
            default -> words.add(event.content(), 'D');
        }
        return words;
    }

    public boolean isEmpty() {
        return words.isEmpty();
    }

    public boolean hasAll(Collection<String> wanted) {
        return words.keySet().containsAll(wanted);
    }

    /// As PostgreSQL reads a `tsvector`.
    public String vector() {
        return words.entrySet().stream()
                .map(word -> "'" + word.getKey() + "':" + word.getValue().text())
                .collect(Collectors.joining(" "));
    }

    private void add(String text, char weight) {
        String read = text.substring(0, Math.min(text.length(), charactersLeft));
        charactersLeft -= read.length();
        for (String word : Words.of(read)) {
            Places places = words.get(word);
            last = Math.min(last + 1, LAST_PLACE);
            if (places == null && words.size() < MOST_WORDS) {
                words.put(word, new Places(0, "").and(last, weight));
            } else if (places != null && places.count() < MOST_PLACES_OF_A_WORD && last < LAST_PLACE) {
                words.put(word, places.and(last, weight));
            }
        }
        // What ends here and what begins next are no neighbours.
        last = Math.min(last + 16, LAST_PLACE);
    }

    private void addFields(String json) {
        byte[] utf8 = json.getBytes(UTF_8);
        try {
            JsonCursor cursor = JsonCursor.over(utf8, 0, utf8.length);
            if (cursor.peek() == '{' && cursor.open('{', '}')) {
                do {
                    Character weight = FIELDS.get(cursor.readKey());
                    if (weight != null && cursor.peek() == '"') {
                        add(cursor.readText(), weight);
                    } else {
                        cursor.skipValue();
                    }
                } while (cursor.another('}'));
            }
        } catch (MalformedMessageException e) {
            // What was read up to there counts.
        }
    }
}
