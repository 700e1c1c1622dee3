package dev.rookery.gateway.link;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The gateway's two links: one to a query-service, one to a broadcast-service, each kept open until the gateway
/// stops.
public final class Links implements AutoCloseable {

    private final ExecutorService lookups = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("link-names").factory());
    private final LinkDialer toQuery;
    private final LinkDialer toBroadcast;

    /// @param identity who dials: instances are ranked by its name, and open only to its token
    /// @param loops the event loops that carry the link to query-service
    /// @param feed hears the link to broadcast-service, on its own event loop
    public Links(LinkProperties properties, Identity identity, EventLoopGroup loops, QueryClient query, Feed feed) {
        var queryTargets = new LinkTargets(properties.query(), identity.gateway());
        var broadcastTargets = new LinkTargets(properties.broadcast(), identity.gateway());
        toQuery = new LinkDialer(
                queryTargets, properties, new LinkDialer.Ends(identity.token(), false, loops.next(), query), lookups);
        toBroadcast = new LinkDialer(
                broadcastTargets,
                properties,
                new LinkDialer.Ends(identity.token(), true, feed.loop(), feed.listener()),
                lookups);
    }

    public record Identity(String gateway, String token) {}

    /// What hears the live events, and the event loop on which it does.
    public record Feed(EventLoop loop, LinkListener listener) {}

    public void start() {
        toQuery.start();
        toBroadcast.start();
    }

    @Override
    public void close() {
        toQuery.close();
        toBroadcast.close();
        lookups.shutdownNow();
    }
}
