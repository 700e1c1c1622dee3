package dev.rookery.gateway.face;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Answers OPTIONS for the relay's address before WebFlux does, which would answer CORS preflights without the
/// headers.
public final class Preflight implements WebFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        boolean root = "/".equals(request.getPath().pathWithinApplication().value());
        if (!root || !HttpMethod.OPTIONS.equals(request.getMethod())) {
            return chain.filter(exchange);
        }
        exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
        RelayRoutes.CORS.accept(exchange.getResponse().getHeaders());
        return exchange.getResponse().setComplete();
    }
}
