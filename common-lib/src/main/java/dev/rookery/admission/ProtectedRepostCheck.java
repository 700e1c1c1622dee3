package dev.rookery.admission;

import dev.rookery.event.Event;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.util.Optional;

/// NIP-70: "If a repost of a protected event embeds the event anyway, relays SHOULD summarily reject it", for it would
/// spread the event against its author's wish. A repost of such a repost too.
public record ProtectedRepostCheck() implements AdmissionCheck {

    @Override
    public Optional<Verdict.Refused> refuse(Event event, long nowSeconds) {
        return CarriedEvent.isRepost(event.kind()) && CarriedEvent.isProtected(event.content())
                ? Optional.of(Verdict.refused(Prefix.BLOCKED, "the reposted event is protected by its author"))
                : Optional.empty();
    }
}
