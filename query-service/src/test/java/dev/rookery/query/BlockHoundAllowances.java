package dev.rookery.query;

import dev.rookery.query.window.Window;
import java.security.SecureRandom;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/// What may block on an event loop, because it does so for no time worth naming.
public final class BlockHoundAllowances implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        // The database driver's nonces: reads /dev/urandom.
        builder.allowBlockingCallsInside(SecureRandom.class.getName(), "nextBytes");
        // Whoever holds the window's lock does so for as long as one event takes to come in, or one answer to be found.
        builder.allowBlockingCallsInside(Window.class.getName(), "read");
        builder.allowBlockingCallsInside(Window.class.getName(), "written");
    }
}
