package dev.rookery.load;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Kinds;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// Signed events out of a seed: the same seed gives the same ones. 60 % are notes with `e`, `p` and `t` tags, 25 %
/// reactions, 8 % replaceable and 7 % addressable, by 2,000 authors, of the lengths that such events have.
final class Corpus {

    static final int AUTHORS = 2_000;
    static final int TOPICS = 200;

    /// The second of the first event.
    static final long START = 1_750_000_000;

    private static final int MOST_NOTE = 600;
    private static final int MOST_ARTICLE = 4_000;
    private static final int LISTED = 200;
    private static final List<Integer> REPLACEABLE = List.of(0, 3, 10_002);
    private static final List<Integer> ADDRESSABLE = List.of(30_023, 30_078);

    private final long seed;
    private final List<SchnorrSigner> authors;
    private final List<Event> events;

    private Corpus(long seed, int count) {
        this.seed = seed;
        this.authors = IntStream.range(0, AUTHORS)
                .parallel()
                .mapToObj(number -> new SchnorrSigner(secret(seed, number)))
                .toList();
        this.events = IntStream.range(0, count).parallel().mapToObj(this::event).toList();
    }

    static Corpus of(long seed, int count) {
        return new Corpus(seed, count);
    }

    List<Event> events() {
        return events;
    }

    String author(Random random) {
        return Bytes32.of(authors.get(random.nextInt(AUTHORS)).publicKey()).toString();
    }

    /// One more, of the given time, that no corpus of this seed has: for what is published while somebody listens.
    Event note(int number, long createdAt) {
        Random random = new Random(seed ^ (31L * number + 17));
        return Event.of(
                authors.get(random.nextInt(AUTHORS)),
                createdAt,
                1,
                noteTags(random, -1),
                "live " + number + text(random, MOST_NOTE));
    }

    /// Of those that were accepted, what a relay still has: of each address the newest, of one time the lowest id.
    static Collection<Event> kept(Collection<Event> accepted) {
        Map<String, Event> byAddress = new HashMap<>();
        for (Event event : accepted) {
            byAddress.merge(address(event), event, Corpus::newer);
        }
        return byAddress.values();
    }

    private static String address(Event event) {
        if (Kinds.isReplaceable(event.kind())) {
            return event.pubkey() + ":" + event.kind();
        }
        return Kinds.isAddressable(event.kind())
                ? event.pubkey() + ":" + event.kind() + ":" + event.identifier()
                : event.id().toString();
    }

    private static Event newer(Event one, Event other) {
        if (one.createdAt() != other.createdAt()) {
            return one.createdAt() > other.createdAt() ? one : other;
        }
        return one.id().compareTo(other.id()) < 0 ? one : other;
    }

    private Event event(int number) {
        Random random = new Random(seed + 1_000_003L * number);
        SchnorrSigner author = authors.get((int) (AUTHORS * Math.pow(random.nextDouble(), 2)));
        long createdAt = START + 10L * number + random.nextInt(10);
        int share = random.nextInt(100);
        if (share < 60) {
            return Event.of(author, createdAt, 1, noteTags(random, number), text(random, MOST_NOTE));
        }
        if (share < 85) {
            List<Tag> tags = List.of(Tag.of("e", target(random, number)), Tag.of("p", author(random)));
            return Event.of(author, createdAt, 7, tags, "+");
        }
        if (share < 93) {
            return replaceable(author, createdAt, random);
        }
        int kind = ADDRESSABLE.get(random.nextInt(ADDRESSABLE.size()));
        List<Tag> tags = List.of(Tag.of("d", "page" + random.nextInt(20)), topic(random));
        return Event.of(author, createdAt, kind, tags, text(random, MOST_ARTICLE));
    }

    private Event replaceable(SchnorrSigner author, long createdAt, Random random) {
        int kind = REPLACEABLE.get(random.nextInt(REPLACEABLE.size()));
        if (kind != 3) {
            return Event.of(author, createdAt, kind, List.of(), "{\"about\":\"" + text(random, MOST_NOTE) + "\"}");
        }
        List<Tag> follows = new ArrayList<>();
        for (int i = random.nextInt(LISTED); i >= 0; i--) {
            follows.add(Tag.of("p", author(random)));
        }
        return Event.of(author, createdAt, kind, follows, "");
    }

    private List<Tag> noteTags(Random random, int number) {
        List<Tag> tags = new ArrayList<>();
        if (number > 0 && random.nextBoolean()) {
            tags.add(Tag.of("e", target(random, number)));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            tags.add(Tag.of("p", author(random)));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            tags.add(topic(random));
        }
        return tags;
    }

    /// What notes and reactions answer to: some few much, most little.
    String target(Random random, int number) {
        int target = (int) (number * Math.pow(random.nextDouble(), 3));
        Random digits = new Random(seed ^ target);
        return new Bytes32(digits.nextLong(), digits.nextLong(), digits.nextLong(), digits.nextLong()).toString();
    }

    static Tag topic(Random random) {
        return Tag.of("t", "topic" + (int) (TOPICS * Math.pow(random.nextDouble(), 2)));
    }

    private static String text(Random random, int most) {
        StringBuilder text = new StringBuilder();
        int length = (int) (most * Math.pow(random.nextDouble(), 2));
        while (text.length() < length) {
            text.append("word").append(random.nextInt(5_000)).append(' ');
        }
        return text.toString();
    }

    private static byte[] secret(long seed, int number) {
        return ByteBuffer.allocate(32)
                .putLong(1)
                .putLong(seed)
                .putInt(28, number + 1)
                .array();
    }
}
