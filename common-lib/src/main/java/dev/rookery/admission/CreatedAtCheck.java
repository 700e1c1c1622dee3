package dev.rookery.admission;

import dev.rookery.event.Event;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// NIP-11 `created_at_lower_limit` and `created_at_upper_limit`; both ends are within.
///
/// @param earliest the oldest time that is taken
/// @param ahead    how far a sender's clock may be ahead of ours
public record CreatedAtCheck(Instant earliest, Duration ahead) implements AdmissionCheck {

    @Override
    public Optional<Verdict.Refused> refuse(Event event, long nowSeconds) {
        if (event.createdAt() < earliest.getEpochSecond()) {
            return Optional.of(Verdict.refused(Prefix.INVALID, "created_at too early, rejected"));
        }
        if (event.createdAt() - ahead.toSeconds() > nowSeconds) {
            return Optional.of(Verdict.refused(Prefix.INVALID, "created_at too late, rejected"));
        }
        return Optional.empty();
    }
}
