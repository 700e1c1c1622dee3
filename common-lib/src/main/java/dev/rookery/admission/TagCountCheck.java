package dev.rookery.admission;

import dev.rookery.event.Event;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.util.Optional;

/// NIP-11 `max_event_tags`.
public record TagCountCheck(int maxTags) implements AdmissionCheck {

    @Override
    public Optional<Verdict.Refused> refuse(Event event, long nowSeconds) {
        return event.tagCount() > maxTags
                ? Optional.of(Verdict.refused(Prefix.INVALID, "more than " + maxTags + " tags"))
                : Optional.empty();
    }
}
