package dev.rookery.query.link;

import dev.rookery.topics.Seal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Lets in who shows the suite's token, else 401.
public final class LinkGuard implements WebSocketService {

    private final byte[] expected;
    private final WebSocketService upgrade;

    public LinkGuard(Seal seal, WebSocketService upgrade) {
        this.expected = ("Bearer " + seal.linkToken()).getBytes(StandardCharsets.UTF_8);
        this.upgrade = upgrade;
    }

    @Override
    public Mono<Void> handleRequest(ServerWebExchange exchange, WebSocketHandler handler) {
        if (!mayEnter(exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION))) {
            exchange.getResponse().setStatusCode(HttpStatus.UNAUTHORIZED);
            return exchange.getResponse().setComplete();
        }
        return upgrade.handleRequest(exchange, handler);
    }

    private boolean mayEnter(@Nullable String shown) {
        return shown != null && MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), expected);
    }
}
