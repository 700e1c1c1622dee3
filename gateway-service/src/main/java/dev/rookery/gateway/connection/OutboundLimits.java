package dev.rookery.gateway.connection;

import java.time.Duration;

/// What one connection may hold back on its way out.
///
/// @param maxPendingBytes written and not yet taken by the transport; a client that lets more pile up is cut off
/// @param pageBytes small messages are gathered into writes of about this size
/// @param closeGrace how long the other side has to answer a close frame before the connection is cut
public record OutboundLimits(long maxPendingBytes, int pageBytes, Duration closeGrace) {

    public static final OutboundLimits DEFAULT = new OutboundLimits(8L << 20, 16 << 10, Duration.ofSeconds(2));

    public OutboundLimits {
        if (maxPendingBytes < 1 || pageBytes < 256 || closeGrace.isNegative()) {
            throw new IllegalArgumentException("outbound limits out of range");
        }
    }
}
