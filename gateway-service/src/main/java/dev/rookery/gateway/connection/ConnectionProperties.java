package dev.rookery.gateway.connection;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// What one connection, and all of them together, may take.
///
/// @param max open at once; more are answered 503
/// @param maxPerAddress open at once from one client address, an IPv6 /64 being one; more are answered 429. Does
///     not hold when `relay.limits.enabled` is false
/// @param maxNewcomers connections at once that have not become WebSockets; more are ended unanswered, as are those of
///     one address beyond twice `maxPerAddress`
/// @param maxPendingEvents EVENTs of one connection on their way; beyond that nothing more is read from it for a
///     while
/// @param maxPending bytes written to a client and not yet taken by the transport; beyond that it is cut off
/// @param maxPendingMemory the same, of all clients together, what goes to many counted once; beyond that the one for
///     which most is pending is cut off, of the address for which most is
/// @param pingAfter a client not heard of for this long is pinged
/// @param pongWithin a pinged client not heard of for this long is cut off, as is one that takes nothing of what is
///     sent
/// @param messageWithin a message must be complete this long after it began
/// @param httpIdle time between two HTTP requests, and until the first one
/// @param httpWithin a connection that has not become a WebSocket by then is ended, whatever it is doing
/// @param closeWithin time for a client to answer a close frame
/// @param compression what is compressed for clients that offer permessage-deflate (RFC 7692): `none`, `shared` or
///     `all`
/// @param shutdownWithin time for all connections to end when the gateway stops
@Validated
@ConfigurationProperties("relay.connections")
public record ConnectionProperties(
        @DefaultValue("50000") @Min(1) int max,
        @DefaultValue("256") @Min(1) int maxPerAddress,
        @DefaultValue("5000") @Min(1) int maxNewcomers,
        @DefaultValue("256") @Min(1) @Max(100_000) int maxPendingEvents,
        @DefaultValue("8MB") DataSize maxPending,
        @DefaultValue("128MB") DataSize maxPendingMemory,
        @DefaultValue("55s") Duration pingAfter,
        @DefaultValue("20s") Duration pongWithin,
        @DefaultValue("60s") Duration messageWithin,
        @DefaultValue("10s") Duration httpIdle,
        @DefaultValue("30s") Duration httpWithin,
        @DefaultValue("2s") Duration closeWithin,
        @DefaultValue("shared") Compression compression,
        @DefaultValue("5s") Duration shutdownWithin) {

    private static final int PAGE_BYTES = 16 << 10;

    public OutboundLimits outbound() {
        return new OutboundLimits(maxPending.toBytes(), PAGE_BYTES, closeWithin);
    }
}
