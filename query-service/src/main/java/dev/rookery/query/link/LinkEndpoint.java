package dev.rookery.query.link;

import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import dev.rookery.query.answer.Answers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Where gateways link in. Each frame's answer is one chain, all are merged into the one that the socket sends, and
/// when the socket goes they all go.
public final class LinkEndpoint implements WebSocketHandler {

    private static final Logger log = LoggerFactory.getLogger(LinkEndpoint.class);

    private final Answers answers;
    private final LinkProperties bounds;
    private final LinkMeters meters;

    public LinkEndpoint(Answers answers, LinkProperties bounds, LinkMeters meters) {
        this.answers = answers;
        this.bounds = bounds;
        this.meters = meters;
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        Link link = new Link(answers, bounds, meters);
        // No bound here: frames that end requests and grant credit must not wait behind those that need them.
        Flux<byte[]> frames =
                session.receive().flatMap(message -> answer(link, session, message), Integer.MAX_VALUE, 1);
        meters.opened();
        return session.send(frames.doOnNext(link::left).map(frame -> session.binaryMessage(room -> room.wrap(frame))))
                .doFinally(end -> meters.closed());
    }

    private static Flux<byte[]> answer(Link link, WebSocketSession session, WebSocketMessage message) {
        try {
            return link.answer(read(message)).map(LinkCodec::encode).doOnNext(link::waits);
        } catch (IllegalArgumentException nonsense) {
            log.warn("a link sends what is no frame: {}", nonsense.getMessage());
            return session.close(CloseStatus.PROTOCOL_ERROR).thenMany(Flux.empty());
        }
    }

    private static LinkFrame.FromGateway read(WebSocketMessage message) {
        if (message.getType() != WebSocketMessage.Type.BINARY) {
            throw new IllegalArgumentException("not binary");
        }
        try (var buffers = message.getPayload().readableByteBuffers()) {
            if (LinkCodec.decode(buffers.next()) instanceof LinkFrame.FromGateway frame) {
                return frame;
            }
            throw new IllegalArgumentException("not for this side");
        }
    }
}
