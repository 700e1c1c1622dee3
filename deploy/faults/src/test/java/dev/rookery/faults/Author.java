package dev.rookery.faults;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.topics.Topics;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Someone who writes notes, and whom nobody else writes for.
final class Author {

    private final SchnorrSigner signer;
    private int written;

    Author() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        secret[0] = 1;
        signer = new SchnorrSigner(secret);
    }

    /// Another one each time.
    Event note() {
        return Event.of(signer, Instant.now().getEpochSecond(), 1, List.of(), "note " + written++);
    }

    List<Event> notes(int count) {
        return Stream.generate(this::note).limit(count).toList();
    }

    /// Returns when all are accepted.
    static void publish(RelayClient client, List<Event> notes) throws Exception {
        for (String json : json(notes)) {
            while (!client.publish(json).accepted()) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    String pubkey() {
        return note().pubkey().toString();
    }

    /// A filter for all of them.
    String filter() {
        return "{\"authors\":[\"" + pubkey() + "\"]}";
    }

    /// Of `nostr.index`.
    int partition() {
        return Topics.indexPartition(note().pubkey());
    }

    static List<String> ids(List<Event> notes) {
        return notes.stream().map(note -> note.id().toString()).toList();
    }

    static List<String> json(List<Event> notes) {
        return notes.stream().map(Event::toString).toList();
    }
}
