package dev.rookery.admission;

import dev.rookery.event.Event;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.util.Optional;

/// NIP-11 `max_content_length`: "maximum number of characters in the content field", Unicode code points here.
public record ContentLengthCheck(int maxCodePoints) implements AdmissionCheck {

    @Override
    public Optional<Verdict.Refused> refuse(Event event, long nowSeconds) {
        return event.contentExceeds(maxCodePoints)
                ? Optional.of(
                        Verdict.refused(Prefix.INVALID, "content is longer than " + maxCodePoints + " characters"))
                : Optional.empty();
    }
}
