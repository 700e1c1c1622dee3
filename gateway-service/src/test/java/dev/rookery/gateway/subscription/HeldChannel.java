package dev.rookery.gateway.subscription;

import dev.rookery.gateway.connection.OneTurn;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/// A connection that lets nothing through before it is told to.
final class HeldChannel extends OneTurn {

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
