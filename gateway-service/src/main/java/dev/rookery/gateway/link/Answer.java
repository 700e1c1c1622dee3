package dev.rookery.gateway.link;

import dev.rookery.link.LinkFrame;

/// What hears the answer to one request. Called on the link's event loop; after the end or a failure, no more.
public interface Answer {

    /// Pages, or answers of a reconciliation, in order, then one `End`, `Statuses`, `Counted` or `Failed`.
    void hear(LinkFrame.ToGateway frame);
}
