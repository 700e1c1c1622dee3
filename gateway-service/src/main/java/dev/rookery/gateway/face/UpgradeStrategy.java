package dev.rookery.gateway.face;

import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.connection.Connections;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;

/// Lets reactor-netty do the handshake and then takes the connection over: frames go to a handler of our own, past
/// Reactor, which knows neither how many bytes are on their way nor when they have left, and costs several times as
/// much per frame. Only the end of the connection still comes to reactor-netty, for its own books.
public final class UpgradeStrategy implements RequestUpgradeStrategy {

    /// The exchange attribute with the client's `AddressBlock`.
    static final String CLIENT = UpgradeStrategy.class.getName() + ".client";

    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

    private final Connections connections;

    public UpgradeStrategy(Connections connections) {
        this.connections = connections;
    }

    /// The handler is not asked: whoever comes here speaks Nostr.
    @Override
    public Mono<Void> upgrade(
            ServerWebExchange exchange,
            WebSocketHandler unused,
            @Nullable String subProtocol,
            Supplier<HandshakeInfo> handshakeInfo) {
        ServerHttpResponse response = exchange.getResponse();
        HttpServerResponse netty = ServerHttpResponseDecorator.getNativeResponse(response);
        AddressBlock client = exchange.getRequiredAttribute(CLIENT);
        boolean compressed = agreeOnCompression(exchange.getRequest(), response);
        return response.setComplete()
                .then(Mono.defer(() -> netty.sendWebsocket(
                        (in, out) -> {
                            in.withConnection(connection -> takeOver(connection.channel(), client, compressed));
                            // Nobody asks for them again, and they are half of what an idle connection holds.
                            in.headers().clear();
                            return Mono.never();
                        },
                        WebsocketServerSpec.builder().build())));
    }

    /// The handshake takes the headers of the response with it.
    private boolean agreeOnCompression(ServerHttpRequest request, ServerHttpResponse response) {
        if (!connections.mayCompress()) {
            return false;
        }
        Optional<String> agreed = CompressionOffers.answer(request.getHeaders().getOrEmpty(EXTENSIONS));
        agreed.ifPresent(answer -> response.getHeaders().set(EXTENSIONS, answer));
        return agreed.isPresent();
    }

    /// Our handler comes first, so that bytes left in the decoder go to it when the decoder is taken out.
    private void takeOver(Channel channel, AddressBlock client, boolean compressed) {
        ChannelPipeline pipeline = channel.pipeline();
        connections.take(channel, client, compressed, NettyPipeline.ReactiveBridge);
        pipeline.remove(WebSocket13FrameDecoder.class);
        pipeline.remove(WebSocket13FrameEncoder.class);
        channel.config().setAutoRead(true);
    }
}
