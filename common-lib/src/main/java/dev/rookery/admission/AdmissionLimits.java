package dev.rookery.admission;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// The figures of the admission checks.
///
/// @param maxContentLength Unicode code points
/// @param earliest         the oldest `created_at` that is taken
/// @param ahead            how far `created_at` may be in the future
/// @param minDifficulty    leading zero bits of an id
public record AdmissionLimits(
        int maxContentLength,
        int maxTags,
        Instant earliest,
        Duration ahead,
        Set<Integer> refusedKinds,
        int minDifficulty) {

    /// The length of content is bounded by the message's own bound.
    public static final AdmissionLimits DEFAULT = new AdmissionLimits(
            512 * 1024, 2_000, Instant.ofEpochSecond(946_684_800), Duration.ofMinutes(15), Set.of(), 0);

    public AdmissionLimits {
        refusedKinds = Set.copyOf(refusedKinds);
    }

    /// All checks of this package with these figures, the cheapest first.
    public AdmissionCheck check() {
        return AdmissionCheck.all(List.of(
                new CredentialCheck(),
                new KindCheck(refusedKinds),
                new CreatedAtCheck(earliest, ahead),
                new ContentLengthCheck(maxContentLength),
                new TagCountCheck(maxTags),
                new VanishCheck(),
                new ProofOfWorkCheck(minDifficulty),
                new ExpirationCheck(),
                new ProtectedRepostCheck()));
    }
}
