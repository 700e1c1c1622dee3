package dev.rookery.faults.load;

import dev.rookery.event.Event;
import dev.rookery.event.Kinds;
import java.util.Comparator;
import java.util.Optional;

/// An event as it is sent.
///
/// @param json what is sent, byte for byte what has to be served
/// @param forged whether its signature is wrong, so that it must never be taken
record Sent(Event event, String json, boolean forged) {

    /// NIP-01: of one address the newest stays, and of one second the lowest id.
    static final Comparator<Sent> NEWEST_FIRST = Comparator.comparing(
                    (Sent sent) -> sent.event.createdAt(), Comparator.reverseOrder())
            .thenComparing(Sent::id);

    String id() {
        return event.id().toString();
    }

    /// Where newer versions replace older ones.
    Optional<String> address() {
        if (Kinds.isReplaceable(event.kind())) {
            return Optional.of(event.kind() + ":" + event.pubkey());
        }
        return Kinds.isAddressable(event.kind())
                ? Optional.of(event.kind() + ":" + event.pubkey() + ":" + event.identifier())
                : Optional.empty();
    }
}
