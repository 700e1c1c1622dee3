package dev.rookery.broadcast;

import dev.rookery.broadcast.feed.BroadcastFeed;
import dev.rookery.broadcast.feed.Owner;
import dev.rookery.broadcast.link.Connections;
import dev.rookery.broadcast.link.LinkEndpoint;
import dev.rookery.broadcast.link.LinkGuard;
import dev.rookery.broadcast.link.LinkMeters;
import dev.rookery.broadcast.link.Links;
import dev.rookery.link.LinkCodec;
import dev.rookery.topics.Seal;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/// The links' side: an address, who may enter, and what is kept of each.
@Configuration(proxyBeanMethods = false)
class LinkConfiguration {

    private static final int MOST_EVENT_LOOPS = 4;

    @Bean(destroyMethod = "dispose")
    LoopResources loopResources() {
        int loops = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_EVENT_LOOPS);
        return LoopResources.create("broadcast-link", loops, true);
    }

    /// Of this context alone: another service in the same JVM may end before it.
    @Bean
    ReactorResourceFactory reactorResourceFactory(LoopResources loops) {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResources(loops);
        resources.setConnectionProviderSupplier(() -> ConnectionProvider.create("broadcast-unused", 1));
        resources.setShutdownQuietPeriod(Duration.ZERO);
        return resources;
    }

    @Bean
    Connections connections() {
        return new Connections();
    }

    @Bean
    NettyReactiveWebServerFactory webServerFactory(
            BroadcastProperties properties, ReactorResourceFactory resources, Connections connections)
            throws UnknownHostException {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(properties.port());
        if (properties.address() != null) {
            factory.setAddress(InetAddress.getByName(properties.address()));
        }
        factory.setResourceFactory(resources);
        Duration silence = properties.link().silence();
        factory.addServerCustomizers(server -> server.childOption(ChannelOption.TCP_NODELAY, true)
                .doOnChannelInit(
                        (observer, channel, remote) -> channel.pipeline().addFirst(new SilenceBound(silence)))
                .doOnConnection(connections::opened));
        return factory;
    }

    @Bean
    LinkMeters linkMeters(MeterRegistry registry) {
        return new LinkMeters(registry);
    }

    @Bean
    Links links(Owner owner, BroadcastProperties properties, LinkMeters meters) {
        return new Links(owner, properties.link(), meters, System::nanoTime);
    }

    @Bean
    LinkEndpoint linkEndpoint(
            Links links, BroadcastProperties properties, LinkMeters meters, Connections connections, Owner owner) {
        return new LinkEndpoint(links, properties.link(), meters, connections, owner.scheduler());
    }

    @Bean
    SimpleUrlHandlerMapping linkMapping(LinkEndpoint endpoint) {
        return new SimpleUrlHandlerMapping(Map.of(LinkCodec.PATH, endpoint), 0);
    }

    @Bean
    WebFluxConfigurer linkGuarding(Seal seal, BroadcastFeed feed, BroadcastProperties properties) {
        int largestFrame = properties.link().largestFrame();
        var upgrade = new HandshakeWebSocketService(new ReactorNettyRequestUpgradeStrategy(
                () -> WebsocketServerSpec.builder().maxFramePayloadLength(largestFrame)));
        WebSocketService guard = new LinkGuard(seal, feed::isStarted, upgrade);
        return new WebFluxConfigurer() {
            @Override
            public WebSocketService getWebSocketService() {
                return guard;
            }
        };
    }
}
