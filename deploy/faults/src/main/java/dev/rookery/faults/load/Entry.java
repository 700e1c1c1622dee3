package dev.rookery.faults.load;

import dev.rookery.client.RelayClient;
import java.util.HashSet;
import java.util.Set;

/// A line of the ledger: one event, and what was said of it. Guarded by the ledger.
final class Entry {

    private final Sent sent;
    private final Set<String> storedAt = new HashSet<>();
    private Standing standing = Standing.OPEN;
    private boolean wasOpen;

    Entry(Sent sent) {
        this.sent = sent;
    }

    /// @return whether that fits what was said before
    boolean answered(String gateway, RelayClient.Ok ok) {
        Standing said = standing(ok);
        if (said == Standing.STORED) {
            storedAt.add(gateway);
        }
        boolean fits = !sent.forged() || said == Standing.OPEN || said == Standing.REFUSED;
        switch (said) {
            case OPEN -> wasOpen = true;
            case LOGGED -> {
                fits = fits && standing != Standing.REFUSED;
                standing = standing == Standing.OPEN ? Standing.LOGGED : standing;
            }
            case STORED -> {
                // Sent once, it can only be decided once.
                boolean again = ok.message().startsWith("duplicate:") && !wasOpen;
                fits = fits && standing != Standing.REFUSED && !again;
                standing = Standing.STORED;
            }
            case REFUSED -> {
                fits = fits && standing != Standing.STORED;
                standing = Standing.REFUSED;
            }
        }
        return fits;
    }

    void unanswered() {
        wasOpen = true;
    }

    Sent sent() {
        return sent;
    }

    Standing standing() {
        return standing;
    }

    boolean isStoredAt(String gateway) {
        return storedAt.contains(gateway);
    }

    /// Whether it may be, or have been, stored. Refused at last, it may have been stored before that was known, and
    /// replaced since.
    boolean mayHaveBeenStored() {
        return !sent.forged() && (standing != Standing.REFUSED || wasOpen);
    }

    private static Standing standing(RelayClient.Ok ok) {
        String message = ok.message();
        if (ok.accepted()) {
            return message.startsWith("info:") ? Standing.LOGGED : Standing.STORED;
        }
        return message.startsWith("error:") ? Standing.OPEN : Standing.REFUSED;
    }
}
