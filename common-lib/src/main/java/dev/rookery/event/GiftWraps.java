package dev.rookery.event;

import java.util.Optional;

/// NIP-59: what a gift wrap says of itself.
public final class GiftWraps {

    public static final int KIND = 1059;

    private GiftWraps() {}

    /// Whom it is for, whose request to vanish (NIP-62) takes it out too: the key in its first `p` tag. Empty for
    /// events of other kinds.
    public static Optional<Bytes32> recipient(Event event) {
        return event.kind() == KIND ? event.firstValue("p").flatMap(Bytes32::parseHex) : Optional.empty();
    }
}
