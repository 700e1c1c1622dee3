package dev.rookery.gateway.link;

import dev.rookery.link.LinkFrame;

/// What hears of a link. All of it happens on the link's event loop, and one link has closed before the next one
/// opens.
public interface LinkListener {

    void opened(Link link);

    void received(LinkFrame.ToGateway frame);

    void closed();
}
