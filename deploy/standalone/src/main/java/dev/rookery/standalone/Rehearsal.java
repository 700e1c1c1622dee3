package dev.rookery.standalone;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// A run of the suite for the JVM to learn from. Started with `-XX:AOTCacheOutput`, it leaves behind what later
/// runs need not find out again: classes as they are linked, and which methods are worth compiling.
public final class Rehearsal {

    private static final int ROUNDS = 5;
    private static final int EVENTS = 400;
    private static final int WINDOW = 64;

    private final Random random = new Random(7);
    private final List<SchnorrSigner> authors =
            Stream.generate(this::author).limit(10).toList();

    private int asked;

    private Rehearsal() {}

    /// @param args settings; the data directory is one to throw away
    public static void main(String[] args) throws Exception {
        URI relay = StandaloneApplication.serve(args)
                .map(address -> URI.create("ws://" + address.authority()))
                .orElseThrow();
        new Rehearsal().play(relay);
        System.exit(0);
    }

    private void play(URI relay) throws Exception {
        try (RehearsalClient publisher = new RehearsalClient(relay, WINDOW);
                RehearsalClient reader = new RehearsalClient(relay, WINDOW)) {
            reader.send("[\"REQ\",\"live\",{\"limit\":0}]");
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < EVENTS; i++) {
                    Event event = event();
                    publisher.send("[\"EVENT\"," + new String(event.json(), StandardCharsets.UTF_8) + "]");
                    if (i % 10 == 0) {
                        ask(reader, event);
                    }
                }
                publisher.awaitAnswers();
                reader.awaitAnswers();
            }
        }
    }

    private void ask(RehearsalClient reader, Event event) throws Exception {
        for (String filter : List.of(
                "\"ids\":[\"%s\"]".formatted(event.id()),
                "\"authors\":[\"%s\"],\"kinds\":[1],\"limit\":20".formatted(event.pubkey()),
                "\"kinds\":[1,7],\"limit\":100",
                "\"#t\":[\"topic3\"],\"limit\":20",
                "\"since\":%d,\"limit\":50".formatted(event.createdAt()))) {
            // More names than are open at once, so that none is replaced before it is answered.
            String name = "stored-" + asked++ % (2 * WINDOW);
            reader.send("[\"REQ\",\"" + name + "\",{" + filter + "}]");
        }
    }

    private Event event() {
        int kind = List.of(1, 1, 1, 7, 0, 30_078, 20_001).get(random.nextInt(7));
        List<Tag> tags = List.of(
                new Tag(List.of("t", "topic" + random.nextInt(10))), new Tag(List.of("d", "d" + random.nextInt(10))));
        long createdAt = Instant.now().getEpochSecond() - random.nextInt(100_000);
        return Event.of(
                authors.get(random.nextInt(authors.size())), createdAt, kind, tags, "text " + random.nextLong());
    }

    private SchnorrSigner author() {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        secret[0] = 1;
        return new SchnorrSigner(secret);
    }
}
