package dev.rookery.gateway.subscription;

import dev.rookery.gateway.link.Link;
import dev.rookery.link.LinkFrame;

/// How many bytes of live events may be under way on one link. Confined to the feed's event loop.
final class DeliveryCredit {

    private static final long BYTES = 8 << 20;

    private final Link link;
    private long taken;

    DeliveryCredit(Link link) {
        this.link = link;
        grant(BYTES);
    }

    /// What has been taken off the link may be sent anew, some of it at a time.
    void giveBack(int bytes) {
        taken += bytes;
        if (taken > BYTES / 4) {
            grant(taken);
            taken = 0;
        }
    }

    private void grant(long bytes) {
        link.send(new LinkFrame.Credit(LinkFrame.WHOLE_LINK, bytes));
    }
}
