package dev.rookery.standalone;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/// Events without end, and what the relay has promised about them.
final class CrashLoad implements Iterable<String> {

    private static final int AUTHORS = 20;
    private static final int NOTE = 1;
    private static final int ADDRESSABLE = 30_078;

    private final Random random;
    private final List<SchnorrSigner> authors;
    private final Map<String, Event> sent = new HashMap<>();
    private final Set<String> kept = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private final Map<String, Event> newest = new HashMap<>();

    CrashLoad(long seed) {
        random = new Random(seed);
        authors = Stream.generate(this::author).limit(AUTHORS).toList();
    }

    /// Of twenty events one is signed wrongly, one has expired, three replace each other.
    @Override
    public Iterator<String> iterator() {
        return Stream.generate(this::next).iterator();
    }

    void note(String id, RelayClient.Ok answer) {
        Event event = sent.get(id);
        if (answer.accepted() && event.kind() == ADDRESSABLE) {
            newest.merge(
                    addressFilter(event), event, (one, other) -> one.createdAt() >= other.createdAt() ? one : other);
        } else if (answer.accepted()) {
            kept.add(id);
        } else if (!answer.message().startsWith("error:")) {
            refused.add(id);
        }
    }

    /// Ids of events that must be found.
    Set<String> kept() {
        return kept;
    }

    /// Ids of events that must never be found.
    Set<String> refused() {
        return refused;
    }

    /// Filters for addresses, each with the version that must be found there, if none newer is.
    Map<String, Event> newest() {
        return newest;
    }

    private String next() {
        int twentieth = random.nextInt(20);
        Event event = switch (twentieth) {
            case 0 -> event(NOTE, List.of(new Tag(List.of("expiration", "1000000000"))));
            case 1, 2, 3 -> event(ADDRESSABLE, List.of(new Tag(List.of("d", "d" + random.nextInt(5)))));
            default -> event(NOTE, List.of(new Tag(List.of("t", "topic" + random.nextInt(10)))));
        };
        sent.put(event.id().toString(), event);
        String json = new String(event.json(), StandardCharsets.UTF_8);
        return twentieth == 4 ? withWrongSignature(json) : json;
    }

    private Event event(int kind, List<Tag> tags) {
        long createdAt = Instant.now().getEpochSecond() - random.nextInt(100_000);
        String content = "text " + random.nextLong();
        return Event.of(authors.get(random.nextInt(AUTHORS)), createdAt, kind, tags, content);
    }

    private static String withWrongSignature(String json) {
        int digit = json.length() - 3;
        return json.substring(0, digit) + (json.charAt(digit) == '0' ? '1' : '0') + json.substring(digit + 1);
    }

    private static String addressFilter(Event event) {
        return "{\"kinds\":[%d],\"authors\":[\"%s\"],\"#d\":[\"%s\"]}"
                .formatted(event.kind(), event.pubkey(), event.identifier());
    }

    private SchnorrSigner author() {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        secret[0] = 1;
        return new SchnorrSigner(secret);
    }
}
