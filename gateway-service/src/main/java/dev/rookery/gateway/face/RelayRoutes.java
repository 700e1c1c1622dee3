package dev.rookery.gateway.face;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// What is at which address. NIP-01: "Relays MUST only accept connections to a single endpoint when additional path
/// segments do not influence its behavior", so everything but `/` and the icon is 404, for upgrades too.
public final class RelayRoutes {

    /// NIP-11: "Relays MUST accept CORS requests by sending `Access-Control-Allow-Origin`,
    /// `Access-Control-Allow-Headers`, and `Access-Control-Allow-Methods` headers." A wildcard does not cover
    /// `Authorization`.
    static final Consumer<HttpHeaders> CORS = headers -> {
        headers.setAccessControlAllowOrigin("*");
        headers.setAccessControlAllowHeaders(List.of("*", "Accept", "Authorization", "Content-Type"));
        headers.setAccessControlAllowMethods(List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS));
    };

    private static final MediaType NOSTR = new MediaType("application", "nostr+json");
    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=utf-8");
    private static final MediaType ICON = MediaType.parseMediaType("image/x-icon");

    private final UpgradeEndpoint upgrades;
    private final InformationDocument information;
    private final LandingPage page;

    public RelayRoutes(UpgradeEndpoint upgrades, InformationDocument information, LandingPage page) {
        this.upgrades = upgrades;
        this.information = information;
        this.page = page;
    }

    public RouterFunction<ServerResponse> routes() {
        var icon = RequestPredicates.path("/favicon.ico");
        var root = RequestPredicates.path("/");
        var reading = RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD);
        return RouterFunctions.route()
                .route(root.and(RequestPredicates.GET("/")).and(UpgradeEndpoint::isUpgrade), upgrades::upgrade)
                .route(root.and(reading).and(RelayRoutes::wantsInformation), this::information)
                .route(root.and(reading), this::page)
                .route(
                        root,
                        request -> ServerResponse.status(HttpStatus.METHOD_NOT_ALLOWED)
                                .allow(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS)
                                .build())
                .route(icon.and(reading).and(request -> !UpgradeEndpoint.isUpgrade(request)), this::icon)
                .build();
    }

    /// NIP-11: the document is for requests with an `Accept` header of `application/nostr+json`, on its own or among
    /// others.
    private static boolean wantsInformation(ServerRequest request) {
        try {
            return request.headers().accept().stream()
                    .anyMatch(type -> type.equalsTypeAndSubtype(NOSTR) && type.getQualityValue() > 0);
        } catch (InvalidMediaTypeException nonsense) {
            return false;
        }
    }

    private Mono<ServerResponse> information(ServerRequest request) {
        return shared().contentType(NOSTR).bodyValue(information.json());
    }

    private Mono<ServerResponse> page(ServerRequest request) {
        return shared().contentType(HTML).bodyValue(page.html());
    }

    private Mono<ServerResponse> icon(ServerRequest request) {
        return ServerResponse.ok()
                .contentType(ICON)
                .cacheControl(CacheControl.maxAge(Duration.ofDays(7)))
                .bodyValue(page.icon());
    }

    /// One address, two documents: caches must tell them apart.
    private static ServerResponse.BodyBuilder shared() {
        return ServerResponse.ok().headers(CORS).varyBy(HttpHeaders.ACCEPT);
    }
}
