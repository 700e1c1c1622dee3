package dev.rookery.gateway.subscription;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/// A connection that lets nothing through before it is told to. It runs no tasks while it is written to, as no real
/// channel does.
final class HeldChannel extends EmbeddedChannel {

    private final Transport transport;

    HeldChannel() {
        this(new Transport());
    }

    private HeldChannel(Transport transport) {
        super(transport);
        this.transport = transport;
    }

    /// The client takes what has been written so far, and no more.
    void takeAll() {
        transport.takeAll();
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

    private static final class Transport extends ChannelOutboundHandlerAdapter {

        private record Held(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {}

        private final Queue<Held> held = new ArrayDeque<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            held.add(new Held(ctx, message, promise));
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            // Only what is taken is flushed.
        }

        void takeAll() {
            List<Held> taken = List.copyOf(held);
            held.clear();
            for (Held one : taken) {
                var _ = one.ctx().writeAndFlush(one.message(), one.promise());
            }
        }
    }
}
