package dev.rookery.broadcast.link;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Where gateways link in. Frames are read on the connection's event loop and handled on the owner's thread, in
/// order.
public final class LinkEndpoint implements WebSocketHandler {

    /// Requests of one link that may wait in the owner's inbox; a gateway that sends more waits.
    private static final int WINDOW = 256;

    private static final Logger log = LoggerFactory.getLogger(LinkEndpoint.class);

    private final Links links;
    private final LinkProperties bounds;
    private final LinkMeters meters;
    private final Connections connections;
    private final Scheduler owner;

    /// @param owner the thread on which the links live
    public LinkEndpoint(
            Links links, LinkProperties bounds, LinkMeters meters, Connections connections, Scheduler owner) {
        this.links = links;
        this.bounds = bounds;
        this.meters = meters;
        this.connections = connections;
        this.owner = owner;
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        Outlet outlet = new Outlet(connections.of(session), meters);
        Link link = new Link(bounds, meters, outlet, () -> disconnectAfterwards(outlet));
        owner.schedule(() -> links.open(link));
        Mono<Void> incoming = session.receive()
                .map(this::read)
                .flatMap(request -> onOwner(() -> links.handle(link, request)), WINDOW)
                .then();
        Mono<Void> outgoing = outlet.ended().flatMap(session::close);
        return Mono.firstWithSignal(incoming, outgoing)
                .doOnError(failure -> log.debug("link failed", failure))
                .doFinally(signal -> owner.schedule(() -> links.closed(link)));
    }

    private LinkRequest read(WebSocketMessage message) {
        if (message.getType() != WebSocketMessage.Type.BINARY) {
            return new LinkRequest.Nonsense("only binary messages are expected");
        }
        try (var buffers = message.getPayload().readableByteBuffers()) {
            return LinkRequest.read(buffers.next(), bounds);
        }
    }

    private Mono<Void> onOwner(Runnable task) {
        return Mono.<Void>fromRunnable(task).subscribeOn(owner);
    }

    /// A gateway that has stopped reading would never see the closing handshake.
    private void disconnectAfterwards(Outlet outlet) {
        owner.schedule(outlet::disconnect, bounds.linger().toMillis(), TimeUnit.MILLISECONDS);
    }
}
