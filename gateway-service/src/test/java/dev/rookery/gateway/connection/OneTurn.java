package dev.rookery.gateway.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;

/// Runs no tasks while it is written to, as no real channel does.
public class OneTurn extends EmbeddedChannel {

    public OneTurn(ChannelHandler transport) {
        super(transport);
    }

    @Override
    public ChannelFuture write(Object message) {
        return pipeline().write(message);
    }

    @Override
    public Channel flush() {
        pipeline().flush();
        return this;
    }
}
