package dev.rookery.gateway;

import dev.rookery.gateway.access.AccessProperties;
import dev.rookery.gateway.address.ClientAddresses;
import dev.rookery.gateway.address.ProxyProperties;
import dev.rookery.gateway.connection.ConnectionBounds;
import dev.rookery.gateway.connection.ConnectionProperties;
import dev.rookery.gateway.connection.Connections;
import dev.rookery.gateway.connection.Newcomers;
import dev.rookery.gateway.face.InfoProperties;
import dev.rookery.gateway.face.InformationDocument;
import dev.rookery.gateway.face.LandingPage;
import dev.rookery.gateway.face.Preflight;
import dev.rookery.gateway.face.RelayRoutes;
import dev.rookery.gateway.face.UpgradeEndpoint;
import dev.rookery.gateway.face.UpgradeStrategy;
import dev.rookery.gateway.limits.LimitsProperties;
import dev.rookery.gateway.subscription.SubscriptionProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/// The HTTP server and what it shows.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    GatewayProperties.class,
    ProxyProperties.class,
    InfoProperties.class,
    LimitsProperties.class
})
class ServerConfiguration {

    /// Above it a connection is not read from until it is below the lower mark again.
    private static final WriteBufferWaterMark WRITE_MARKS = new WriteBufferWaterMark(512 << 10, 1 << 20);

    private static final int LONGEST_REQUEST_LINE = 4096;

    /// Event loops of this gateway's own, one for each processor; native where the transport loads.
    @Bean(destroyMethod = "dispose")
    LoopResources gatewayLoops() {
        return LoopResources.create("gateway-io", 1, Runtime.getRuntime().availableProcessors(), true);
    }

    @Bean
    ReactorResourceFactory reactorResourceFactory(LoopResources gatewayLoops) {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResources(gatewayLoops);
        return resources;
    }

    @Bean
    ClientAddresses clientAddresses(ProxyProperties properties) {
        return new ClientAddresses(properties);
    }

    @Bean
    Newcomers newcomers(
            ConnectionProperties connections,
            ClientAddresses addresses,
            ConnectionBounds bounds,
            MeterRegistry registry) {
        return new Newcomers(connections, addresses, bounds.maxPerAddress(), registry);
    }

    @Bean
    NettyServerCustomizer gatewayServer(
            ClientAddresses addresses, ConnectionProperties connections, Newcomers newcomers) {
        return server -> bounded(server, connections)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
                .doOnChannelInit((observer, channel, address) -> {
                    addresses.prepare(channel);
                    newcomers.admit(channel);
                });
    }

    private static HttpServer bounded(HttpServer server, ConnectionProperties connections) {
        return server.httpRequestDecoder(decoder ->
                        decoder.maxInitialLineLength(LONGEST_REQUEST_LINE).initialBufferSize(256))
                .idleTimeout(connections.httpIdle());
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> gatewayAddress(
            GatewayProperties properties, NettyServerCustomizer gatewayServer) {
        return factory -> {
            factory.setPort(properties.port());
            factory.setAddress(addressOf(properties.address()));
            factory.addServerCustomizers(gatewayServer);
        };
    }

    private static InetAddress addressOf(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new IllegalArgumentException("relay.address is unknown: " + host, unknown);
        }
    }

    @Bean
    UpgradeStrategy upgradeStrategy(Connections connections) {
        return new UpgradeStrategy(connections);
    }

    @Bean
    UpgradeEndpoint upgradeEndpoint(
            UpgradeStrategy strategy, ClientAddresses addresses, ConnectionBounds bounds, MeterRegistry registry) {
        return new UpgradeEndpoint(strategy, addresses, bounds, registry);
    }

    @Bean
    Preflight preflight() {
        return new Preflight();
    }

    @Bean
    InformationDocument informationDocument(
            InfoProperties info,
            LimitsProperties limits,
            AccessProperties access,
            SubscriptionProperties subscriptions,
            Clock clock) {
        return new InformationDocument(info, limits, access, subscriptions.eoseHints(), clock);
    }

    @Bean
    LandingPage landingPage(InfoProperties info, GatewayProperties properties) {
        return new LandingPage(info, properties.shownUrl());
    }

    @Bean
    RouterFunction<ServerResponse> relayRoutes(
            UpgradeEndpoint upgrades, InformationDocument document, LandingPage page) {
        return new RelayRoutes(upgrades, document, page).routes();
    }
}
