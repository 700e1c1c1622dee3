package dev.rookery.broadcast;

import java.security.SecureRandom;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/// What may block on an event loop, because it does so for no time worth naming.
public final class BlockHoundAllowances implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        // The database driver's nonces: reads /dev/urandom.
        builder.allowBlockingCallsInside(SecureRandom.class.getName(), "nextBytes");
        // Netty's allocator: adds an arena when several threads contend for one.
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate");
    }
}
