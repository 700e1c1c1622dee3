package dev.rookery.gateway.publish;

import dev.rookery.admission.AdmissionCheck;
import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Kinds;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.limits.LimitsProperties;
import dev.rookery.gateway.limits.TokenBuckets;
import dev.rookery.message.Verdict;
import dev.rookery.signature.SignatureCheck;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Which events may come in. What is cheap comes first, the signature last. Thread-safe.
public final class PublishPolicy {

    /// So many addresses or authors at a time may be anywhere near their limit.
    private static final int MOST_KEYS = 1_000_000;

    private final LimitsProperties limits;
    private final AdmissionCheck admission;
    private final SignatureCheck signatures;
    private final Clock clock;
    private final TokenBuckets<AddressBlock> perAddress;
    private final TokenBuckets<Bytes32> perAuthor;
    private final TokenBuckets<AuthorAt> ephemeral;

    /// An author, and where events of that author come from.
    private record AuthorAt(Bytes32 author, AddressBlock address) {}

    /// @param nanos as `System.nanoTime`
    public PublishPolicy(LimitsProperties limits, SignatureCheck signatures, Clock clock, LongSupplier nanos) {
        this.limits = limits;
        this.signatures = signatures;
        this.clock = clock;
        this.admission = limits.admission().check();
        this.perAddress = new TokenBuckets<>(limits.eventsPerAddress(), MOST_KEYS, nanos);
        this.perAuthor = new TokenBuckets<>(limits.eventsPerAuthor(), MOST_KEYS, nanos);
        this.ephemeral = new TokenBuckets<>(limits.eventsPerAuthor(), MOST_KEYS, nanos);
    }

    /// NIP-01: the id is the hash of the event.
    Optional<Verdict.Refused> refuse(Event event) {
        return event.hasValidId()
                ? admission.refuse(event, clock.instant().getEpochSecond())
                : Optional.of(Verdicts.BAD_ID);
    }

    /// Before anything else: whoever sends what is refused is slowed down too.
    ///
    /// @param times as how many events it counts
    boolean isTooFast(AddressBlock address, int times) {
        return limits.enabled() && !perAddress.take(address, times);
    }

    /// NIP-01: the signature is the author's over the id (BIP-340).
    boolean isSigned(Event event) {
        return signatures.verify(event.id().toBytes(), event.pubkey().toBytes(), event.signature());
    }

    /// Takes one from the author's share. After the signature, or anyone could use that up.
    ///
    /// A signature says who wrote an event, and not who sends it: anyone can send again what an author once wrote.
    /// So whatever does not become newly stored is to be given back. So is what is not decided in time, whether it
    /// is answered `error:` or on the log's word alone: it may be old too, and there is a bound on it by address
    /// and `max-provisional`. Until it is answered it counts.
    ///
    /// No decision says of an ephemeral event that it was here before. Of those an author has a share at each
    /// address, and whoever sends old ones again uses up only the one at its own.
    boolean isTooFast(Submission signed) {
        if (!isRated(signed.event())) {
            return false;
        }
        Bytes32 author = signed.event().pubkey();
        return Kinds.isEphemeral(signed.event().kind())
                ? !ephemeral.take(new AuthorAt(author, signed.sender().address()))
                : !perAuthor.take(author);
    }

    /// What was taken for an event that is not ephemeral, once for each.
    void giveBack(Event event) {
        if (isRated(event)) {
            perAuthor.giveBack(event.pubkey());
        }
    }

    private boolean isRated(Event event) {
        return limits.enabled() && !limits.unratedKinds().contains(event.kind());
    }
}
