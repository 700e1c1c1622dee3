package dev.rookery.gateway.access;

import dev.rookery.admission.CredentialCheck;
import dev.rookery.admission.RelayUrl;
import dev.rookery.event.Event;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import dev.rookery.signature.Sha256;
import dev.rookery.signature.SignatureCheck;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// Whether an event proves, to this relay, now, and for this connection, who holds its key (NIP-42). Thread-safe.
public final class KeyProof {

    private static final long NEAR_SECONDS = Duration.ofMinutes(10).toSeconds();

    private final Set<RelayUrl> thisRelay;
    private final SignatureCheck signatures;
    private final Clock clock;
    private final byte[] secret = new byte[32];
    private final AtomicLong challenges = new AtomicLong();

    /// @param thisRelay what clients may call it
    public KeyProof(Set<RelayUrl> thisRelay, SignatureCheck signatures, Clock clock) {
        this.thisRelay = Set.copyOf(thisRelay);
        this.signatures = signatures;
        this.clock = clock;
        new SecureRandom().nextBytes(secret);
    }

    /// One that nobody can foresee and nobody else gets. Made without the system's random numbers, which an event loop
    /// would have to wait for.
    String newChallenge() {
        ByteBuffer input = ByteBuffer.allocate(secret.length + Long.BYTES);
        input.put(secret).putLong(challenges.incrementAndGet());
        return HexFormat.of().formatHex(Sha256.of(input.array()), 0, 16);
    }

    /// Each condition by itself; empty when all are met.
    Optional<Verdict.Refused> refuse(Event event, String challenge) {
        if (event.kind() != CredentialCheck.CLIENT_AUTHENTICATION) {
            return refused("kind is not " + CredentialCheck.CLIENT_AUTHENTICATION);
        }
        if (Math.abs(event.createdAt() - clock.instant().getEpochSecond()) > NEAR_SECONDS) {
            return refused("created_at is not near the current time");
        }
        if (!hasTag(event, "challenge", challenge::equals)) {
            return refused("no tag has the challenge of this connection");
        }
        if (!hasTag(event, "relay", this::isThisRelay)) {
            return refused("no tag has the address of this relay");
        }
        return isSigned(event) ? Optional.empty() : refused("id or signature is wrong");
    }

    private boolean isSigned(Event event) {
        return event.hasValidId()
                && signatures.verify(event.id().toBytes(), event.pubkey().toBytes(), event.signature());
    }

    private boolean isThisRelay(String url) {
        return RelayUrl.parse(url).filter(thisRelay::contains).isPresent();
    }

    private static boolean hasTag(Event event, String name, Predicate<String> value) {
        return event.tags().stream()
                .anyMatch(tag -> tag.name().equals(name) && tag.value() != null && value.test(tag.value()));
    }

    private static Optional<Verdict.Refused> refused(String reason) {
        return Optional.of(Verdict.refused(Prefix.INVALID, reason));
    }
}
