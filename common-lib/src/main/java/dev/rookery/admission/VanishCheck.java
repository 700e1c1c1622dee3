package dev.rookery.admission;

import dev.rookery.event.Event;
import dev.rookery.event.Kinds;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.util.Optional;

/// NIP-62: "The tag list MUST include at least one `relay` value."
public record VanishCheck() implements AdmissionCheck {

    @Override
    public Optional<Verdict.Refused> refuse(Event event, long nowSeconds) {
        return event.kind() == Kinds.REQUEST_TO_VANISH
                        && event.firstValue("relay").isEmpty()
                ? Optional.of(Verdict.refused(Prefix.INVALID, "a request to vanish names a relay, or ALL_RELAYS"))
                : Optional.empty();
    }
}
