package dev.rookery.gateway.connection;

import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.address.ClientAddresses;
import dev.rookery.gateway.limits.Shares;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Connections that have not become WebSockets, if they ever will: so many at a time, in all and of one address where
/// that is known (a proxy tells it in what it sends), and none of them for long. HTTP requests here are small, and one
/// that trickles in would keep its connection for ever. Thread-safe.
public final class Newcomers {

    private static final AttributeKey<Stay> STAY = AttributeKey.valueOf(Newcomers.class, "stay");

    private record Stay(Newcomers among, Optional<AddressBlock> address) {}

    private final ConnectionProperties properties;
    private final ClientAddresses addresses;
    private final Shares<AddressBlock> byAddress;
    private final AtomicInteger here;
    private final Counter refused;

    /// Of those whose address is known before they have said anything, twice as many may be here as it may have
    /// connections: whoever asks for one too many is to be told so, while others are still being answered.
    ///
    /// @param maxPerAddress how many connections an address may have
    public Newcomers(
            ConnectionProperties properties, ClientAddresses addresses, int maxPerAddress, MeterRegistry registry) {
        this.properties = properties;
        this.addresses = addresses;
        this.byAddress = new Shares<>((int) Math.min(Integer.MAX_VALUE, 2L * maxPerAddress));
        this.here = registry.gauge("rookery.gateway.newcomers", new AtomicInteger());
        this.refused = registry.counter("rookery.gateway.newcomers.refused");
    }

    /// Takes note of a connection that has just been accepted, or ends it: without a bound somebody could take all file
    /// handles, and cut the gateway off from its own services.
    public void admit(Channel channel) {
        Optional<AddressBlock> address = addresses.known(channel);
        if (!enter(address)) {
            refused.increment();
            var _ = channel.close();
            return;
        }
        channel.attr(STAY).set(new Stay(this, address));
        var _ = channel.closeFuture().addListener(closed -> leave(channel));
        long within = properties.httpWithin().toMillis();
        var _ = channel.eventLoop().schedule(() -> endUnlessLeft(channel), within, TimeUnit.MILLISECONDS);
    }

    private boolean enter(Optional<AddressBlock> address) {
        boolean entered = here.incrementAndGet() <= properties.maxNewcomers()
                && (address.isEmpty() || byAddress.take(address.get(), 1));
        if (!entered) {
            here.decrementAndGet();
        }
        return entered;
    }

    /// The connection has become a WebSocket, or has ended.
    static void leave(Channel channel) {
        Stay stay = channel.attr(STAY).getAndSet(null);
        if (stay != null) {
            stay.among().here.decrementAndGet();
            stay.address().ifPresent(one -> stay.among().byAddress.giveBack(one, 1));
        }
    }

    private static void endUnlessLeft(Channel channel) {
        if (channel.attr(STAY).get() != null) {
            var _ = channel.close();
        }
    }
}
