package dev.rookery.admission;

import dev.rookery.event.Event;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.util.Optional;

/// NIP-40: "Relays SHOULD drop any events that are published to them if they are expired."
public record ExpirationCheck() implements AdmissionCheck {

    @Override
    public Optional<Verdict.Refused> refuse(Event event, long nowSeconds) {
        return event.isExpired(nowSeconds)
                ? Optional.of(Verdict.refused(Prefix.INVALID, "event expired"))
                : Optional.empty();
    }
}
