package dev.rookery.faults.load;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Events without end, by authors of its own, from a seed. Thread-safe.
///
/// Of twenty, one is forged, two are replaceable, three addressable, and the rest regular. Their times lie in any
/// order within the last day, so that older versions come after newer ones.
final class EventSource {

    private static final int AUTHORS = 12;
    private static final int NOTE = 1;
    private static final int[] REPLACEABLE = {0, 3, 10_002};
    private static final int ADDRESSABLE = 30_078;
    private static final int DAY_SECONDS = 86_400;

    private final Random random;
    private final List<SchnorrSigner> authors;
    private final long nowSeconds = Instant.now().getEpochSecond();

    EventSource(long seed) {
        random = new Random(seed);
        authors = Stream.generate(this::author).limit(AUTHORS).toList();
    }

    /// Public keys, in hex.
    List<String> authors() {
        return authors.stream()
                .map(author -> note(author, "").pubkey().toString())
                .toList();
    }

    synchronized Sent next() {
        int twentieth = random.nextInt(20);
        SchnorrSigner author = authors.get(random.nextInt(AUTHORS));
        return switch (twentieth) {
            case 0 -> forged(note(author, "forged " + random.nextLong()));
            case 1, 2 -> sent(event(author, REPLACEABLE[random.nextInt(REPLACEABLE.length)], List.of()));
            case 3, 4, 5 -> sent(event(author, ADDRESSABLE, List.of(tag("d", "d" + random.nextInt(8)))));
            default -> sent(event(author, NOTE, List.of(tag("t", "topic" + random.nextInt(10)))));
        };
    }

    /// A regular event, for certain.
    synchronized Sent nextNote() {
        return sent(note(authors.getFirst(), "note " + random.nextLong()));
    }

    private Event event(SchnorrSigner author, int kind, List<Tag> tags) {
        long createdAt = nowSeconds - random.nextInt(DAY_SECONDS);
        return Event.of(author, createdAt, kind, tags, "text " + random.nextLong() + " \u00fc\n");
    }

    private Event note(SchnorrSigner author, String content) {
        return Event.of(author, nowSeconds, NOTE, List.of(), content);
    }

    private static Sent sent(Event event) {
        return new Sent(event, json(event), false);
    }

    private static Sent forged(Event event) {
        String json = json(event);
        int digit = json.indexOf("\"sig\":\"") + 100;
        String other = json.charAt(digit) == '0' ? "1" : "0";
        return new Sent(event, json.substring(0, digit) + other + json.substring(digit + 1), true);
    }

    private static String json(Event event) {
        return new String(event.json(), StandardCharsets.UTF_8);
    }

    private static Tag tag(String name, String value) {
        return new Tag(List.of(name, value));
    }

    private SchnorrSigner author() {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        secret[0] = 1;
        return new SchnorrSigner(secret);
    }
}
