package dev.rookery.gateway.access;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys that one client has proven to hold (NIP-42). There may be several; none is lost before the connection is.
///
/// The challenge is sent once, when it is first needed, and stays the same. Confined to the connection's event loop.
public final class Authentication {

    private static final int MOST_KEYS = 100;
    private static final Verdict TOO_MANY =
            Verdict.refused(Prefix.RESTRICTED, "no more than " + MOST_KEYS + " keys on one connection");
    private static final Verdict UNASKED = Verdict.refused(Prefix.INVALID, "no challenge has been sent");

    private final KeyProof proof;
    private final Outbound out;
    private @Nullable String challenge;
    private Set<Bytes32> keys = Set.of();

    Authentication(KeyProof proof, Outbound out) {
        this.proof = proof;
        this.out = out;
    }

    /// Never changed: whoever has it may keep it.
    public Set<Bytes32> keys() {
        return keys;
    }

    /// Sends the challenge, unless it has been sent.
    public void demand() {
        if (challenge == null) {
            challenge = proof.newChallenge();
            out.auth(challenge);
        }
    }

    /// Takes an AUTH in.
    public Verdict prove(Event event) {
        if (challenge == null) {
            return UNASKED;
        }
        Optional<Verdict.Refused> refusal = proof.refuse(event, challenge);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (keys.size() >= MOST_KEYS && !keys.contains(event.pubkey())) {
            return TOO_MANY;
        }
        Set<Bytes32> more = new HashSet<>(keys);
        more.add(event.pubkey());
        keys = Set.copyOf(more);
        return Verdict.stored();
    }
}
