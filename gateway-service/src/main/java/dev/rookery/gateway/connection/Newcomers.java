package dev.rookery.gateway.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Connections that have not become WebSockets, if they ever will: so many at a time, and none of them for long. HTTP
/// requests here are small, and one that trickles in would keep its connection for ever. Thread-safe.
public final class Newcomers {

    private static final AttributeKey<Newcomers> AMONG = AttributeKey.valueOf(Newcomers.class, "among");

    private final ConnectionProperties properties;
    private final AtomicInteger here;
    private final Counter refused;

    public Newcomers(ConnectionProperties properties, MeterRegistry registry) {
        this.properties = properties;
        this.here = registry.gauge("rookery.gateway.newcomers", new AtomicInteger());
        this.refused = registry.counter("rookery.gateway.newcomers.refused");
    }

    /// Takes note of a connection that has just been accepted, or ends it: without a bound somebody could take all file
    /// handles, and cut the gateway off from its own services.
    public void admit(Channel channel) {
        if (here.incrementAndGet() > properties.maxNewcomers()) {
            here.decrementAndGet();
            refused.increment();
            var _ = channel.close();
            return;
        }
        channel.attr(AMONG).set(this);
        var _ = channel.closeFuture().addListener(closed -> leave(channel));
        long within = properties.httpWithin().toMillis();
        var _ = channel.eventLoop().schedule(() -> endUnlessLeft(channel), within, TimeUnit.MILLISECONDS);
    }

    /// The connection has become a WebSocket, or has ended.
    static void leave(Channel channel) {
        Newcomers among = channel.attr(AMONG).getAndSet(null);
        if (among != null) {
            among.here.decrementAndGet();
        }
    }

    private static void endUnlessLeft(Channel channel) {
        if (channel.attr(AMONG).get() != null) {
            var _ = channel.close();
        }
    }
}
