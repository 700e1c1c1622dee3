package dev.rookery.broadcast;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends a connection on which nothing has been read for so long. Gateways ping, so a silent one is gone without a
/// word, and its subscriptions would be matched in vain.
final class SilenceBound extends ReadTimeoutHandler {

    private static final Logger log = LoggerFactory.getLogger(SilenceBound.class);

    SilenceBound(Duration bound) {
        super(bound.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void readTimedOut(ChannelHandlerContext context) {
        log.debug("nothing heard of {}", context.channel().remoteAddress());
        var _ = context.close();
    }
}
