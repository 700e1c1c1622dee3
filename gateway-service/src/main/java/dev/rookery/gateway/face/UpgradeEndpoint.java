package dev.rookery.gateway.face;

import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.address.ClientAddresses;
import dev.rookery.gateway.connection.ConnectionBounds;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/// Decides who may upgrade to WebSocket.
///
/// RFC 6455, 4.2: the request is of HTTP 1.1 or higher (else 400) and of WebSocket version 13 (else 426 with the
/// version that is spoken). Beyond the bounds on connections the answer is 503, or 429 where it is the client's own
/// bound.
public final class UpgradeEndpoint {

    private static final String VERSION_HEADER = "Sec-WebSocket-Version";
    private static final String VERSION = "13";
    private static final String RETRY_SECONDS = "10";

    /// Whose place among the connections a channel has.
    private static final AttributeKey<AddressBlock> PLACE = AttributeKey.valueOf(UpgradeEndpoint.class, "place");

    private final WebSocketService handshake;
    private final ClientAddresses addresses;
    private final ConnectionBounds bounds;
    private final MeterRegistry registry;

    public UpgradeEndpoint(
            UpgradeStrategy strategy, ClientAddresses addresses, ConnectionBounds bounds, MeterRegistry registry) {
        this.handshake = new HandshakeWebSocketService(strategy);
        this.addresses = addresses;
        this.bounds = bounds;
        this.registry = registry;
    }

    static boolean isUpgrade(ServerRequest request) {
        return request.headers().header(HttpHeaders.UPGRADE).stream().anyMatch("websocket"::equalsIgnoreCase);
    }

    Mono<ServerResponse> upgrade(ServerRequest request) {
        HttpServerRequest netty =
                ServerHttpRequestDecorator.getNativeRequest(request.exchange().getRequest());
        if (netty.version().compareTo(HttpVersion.HTTP_1_1) < 0) {
            return refuse("version", ServerResponse.badRequest());
        }
        if (!List.of(VERSION).equals(request.headers().header(VERSION_HEADER))) {
            return refuse(
                    "version",
                    ServerResponse.status(HttpStatus.UPGRADE_REQUIRED).header(VERSION_HEADER, VERSION));
        }
        Channel channel = channelOf(netty);
        AddressBlock client = addresses.of(
                channel, addresses.header().map(request.headers()::header).orElse(List.of()));
        return switch (enter(channel, client)) {
            case TOO_MANY -> refuse("full", retryLater(HttpStatus.SERVICE_UNAVAILABLE));
            case TOO_MANY_OF_ONE -> refuse("address", retryLater(HttpStatus.TOO_MANY_REQUESTS));
            case ENTERED -> {
                request.exchange().getAttributes().put(UpgradeStrategy.CLIENT, client);
                yield ServerResponse.ok()
                        .build((exchange, context) -> handshake.handleRequest(exchange, session -> Mono.never()));
            }
        };
    }

    /// A connection has one place from its first request to upgrade until it closes, however many there are: handshakes
    /// fail, and a proxy sends those of several clients.
    private ConnectionBounds.Entry enter(Channel channel, AddressBlock client) {
        Attribute<AddressBlock> place = channel.attr(PLACE);
        AddressBlock before = place.get();
        if (client.equals(before)) {
            return ConnectionBounds.Entry.ENTERED;
        }
        ConnectionBounds.Entry entry = bounds.enter(client);
        if (entry == ConnectionBounds.Entry.ENTERED) {
            place.set(client);
            if (before == null) {
                var _ = channel.closeFuture().addListener(closed -> bounds.leave(place.get()));
            } else {
                bounds.leave(before);
            }
        }
        return entry;
    }

    private Mono<ServerResponse> refuse(String reason, ServerResponse.HeadersBuilder<?> response) {
        registry.counter("rookery.gateway.upgrades.refused", "reason", reason).increment();
        return response.build();
    }

    private static ServerResponse.HeadersBuilder<?> retryLater(HttpStatus status) {
        return ServerResponse.status(status).header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    }

    private static Channel channelOf(HttpServerRequest request) {
        AtomicReference<Channel> channel = new AtomicReference<>();
        request.withConnection(connection -> channel.set(connection.channel()));
        return Objects.requireNonNull(channel.get());
    }
}
