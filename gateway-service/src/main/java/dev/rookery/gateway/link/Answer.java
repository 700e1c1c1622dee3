package dev.rookery.gateway.link;

import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failed;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.message.Prefix;

/// What hears the answer to one request. Called on the link's event loop; after the end or a failure, no more.
public interface Answer {

    /// Pages, or answers of a reconciliation, in order, then one `End`, `Statuses`, `Counted` or `Failed`.
    void hear(LinkFrame.ToGateway frame);

    /// What clients are told of a request that the store has not answered, with its prefix.
    ///
    /// @param frame that came instead of an answer
    static String reason(LinkFrame.ToGateway frame) {
        if (frame instanceof Failed(var request, var failure, var reason)) {
            return (failure == Failure.INVALID ? Prefix.INVALID : Prefix.ERROR).with(reason);
        }
        return Prefix.ERROR.with("the store gave an answer of another kind");
    }
}
