package dev.rookery.admission;

import dev.rookery.event.Event;
import dev.rookery.event.Kinds;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.util.Optional;

/// NIP-13: an event's difficulty is the number of leading zero bits of its id. NIP-11 `min_pow_difficulty`.
///
/// A request to vanish needs none: NIP-62 wants it to be honoured whoever it comes from.
///
/// @param minimum 0 for none
public record ProofOfWorkCheck(int minimum) implements AdmissionCheck {

    @Override
    public Optional<Verdict.Refused> refuse(Event event, long nowSeconds) {
        if (minimum == 0 || event.kind() == Kinds.REQUEST_TO_VANISH) {
            return Optional.empty();
        }
        int difficulty = difficulty(event.id().toBytes());
        return difficulty < minimum
                ? Optional.of(Verdict.refused(Prefix.POW, "difficulty " + difficulty + " is less than " + minimum))
                : Optional.empty();
    }

    static int difficulty(byte[] id) {
        int bits = 0;
        for (byte octet : id) {
            if (octet != 0) {
                return bits + Integer.numberOfLeadingZeros(octet & 0xff) - 24;
            }
            bits += 8;
        }
        return bits;
    }
}
