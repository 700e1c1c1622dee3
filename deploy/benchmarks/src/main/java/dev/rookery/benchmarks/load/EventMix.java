package dev.rookery.benchmarks.load;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Signed events as a public relay sees them, the same for the same seed: 60 % notes with references, 25 %
/// reactions, 8 % replaceable, 7 % addressable, by 500 authors.
final class EventMix {

    private static final int AUTHORS = 500;

    private final Random random;
    private final List<SchnorrSigner> authors = new ArrayList<>();
    private final List<String> references = new ArrayList<>();
    private final long newest;

    /// @param newest the latest time that an event may have, in seconds
    EventMix(long seed, long newest) {
        this.random = new Random(seed);
        this.newest = newest;
        for (int i = 0; i < AUTHORS; i++) {
            byte[] secret = new byte[32];
            random.nextBytes(secret);
            secret[0] = 1;
            authors.add(new SchnorrSigner(secret));
        }
    }

    List<Event> next(int count) {
        List<Event> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(next());
        }
        return events;
    }

    Event next() {
        int kind = kind();
        List<Tag> tags = new ArrayList<>();
        if (kind == 30078) {
            tags.add(new Tag(List.of("d", "setting-" + random.nextInt(50))));
        }
        for (int i = random.nextInt(4); i > 0 && !references.isEmpty(); i--) {
            tags.add(new Tag(List.of("e", references.get(random.nextInt(references.size())))));
        }
        if (random.nextInt(3) == 0) {
            tags.add(new Tag(List.of("t", "topic" + random.nextInt(40))));
        }
        SchnorrSigner author = authors.get(random.nextInt(AUTHORS));
        String content = kind == 7 ? "+" : text();
        Event event = Event.of(author, newest - random.nextInt(86_400), kind, tags, content);
        if (kind == 1 && references.size() < 5_000) {
            references.add(event.id().toString());
        }
        return event;
    }

    private int kind() {
        int percent = random.nextInt(100);
        if (percent < 60) {
            return 1;
        }
        if (percent < 85) {
            return 7;
        }
        return percent < 93 ? 10_002 : 30_078;
    }

    private String text() {
        int words = 5 + random.nextInt(40);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(Integer.toString(random.nextInt(1 << 20), 36)).append(' ');
        }
        return text.toString();
    }
}
