package dev.rookery.admission;

import dev.rookery.event.Event;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.util.Optional;

/// Events that prove who someone is, and must not get into others' hands.
///
/// NIP-42: relays must not broadcast kind 22242. A kind 27235 of NIP-98 is good for a minute for whoever has it.
public record CredentialCheck() implements AdmissionCheck {

    public static final int CLIENT_AUTHENTICATION = 22_242;
    public static final int HTTP_AUTHENTICATION = 27_235;

    @Override
    public Optional<Verdict.Refused> refuse(Event event, long nowSeconds) {
        return event.kind() == CLIENT_AUTHENTICATION || event.kind() == HTTP_AUTHENTICATION
                ? Optional.of(Verdict.refused(Prefix.INVALID, "kind " + event.kind() + " is not for publishing"))
                : Optional.empty();
    }
}
