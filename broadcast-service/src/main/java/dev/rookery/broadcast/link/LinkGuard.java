package dev.rookery.broadcast.link;

import dev.rookery.topics.Seal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Lets in who shows the suite's token (else 401), and only while links can be served (else 503, so that the gateway
/// tries the next instance).
public final class LinkGuard implements WebSocketService {

    private final byte[] expected;
    private final BooleanSupplier ready;
    private final WebSocketService upgrade;

    public LinkGuard(Seal seal, BooleanSupplier ready, WebSocketService upgrade) {
        this.expected = ("Bearer " + seal.linkToken()).getBytes(StandardCharsets.UTF_8);
        this.ready = ready;
        this.upgrade = upgrade;
    }

    @Override
    public Mono<Void> handleRequest(ServerWebExchange exchange, WebSocketHandler handler) {
        if (!mayEnter(exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION))) {
            return refuse(exchange, HttpStatus.UNAUTHORIZED);
        }
        if (!ready.getAsBoolean()) {
            return refuse(exchange, HttpStatus.SERVICE_UNAVAILABLE);
        }
        return upgrade.handleRequest(exchange, handler);
    }

    private boolean mayEnter(@Nullable String shown) {
        return shown != null && MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), expected);
    }

    private static Mono<Void> refuse(ServerWebExchange exchange, HttpStatus status) {
        exchange.getResponse().setStatusCode(status);
        return exchange.getResponse().setComplete();
    }
}
