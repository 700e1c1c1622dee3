package dev.rookery.faults;

import dev.rookery.event.Event;
import dev.rookery.signature.SchnorrSigner;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

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

    /// A filter for all of them.
    String filter() {
        return "{\"authors\":[\"" + Event.of(signer, 0, 1, List.of(), "").pubkey() + "\"]}";
    }
}
