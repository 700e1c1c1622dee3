package dev.rookery.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Connections of clients to a relay. What is heard is told on their event loops.
final class Connections implements AutoCloseable {

    private static final int LARGEST_FRAME = 16 << 20;
    private static final int LARGEST_HANDSHAKE = 64 << 10;

    private final EventLoopGroup loops;
    private final URI relay;

    Connections(URI relay, int threads) {
        this.relay = relay;
        this.loops = new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
    }

    /// One of them.
    record Connection(Channel channel) {

        void send(String message) {
            var _ = channel.writeAndFlush(new TextWebSocketFrame(message));
        }

        void close() {
            var _ = channel.close();
        }
    }

    /// @param heard each message
    CompletableFuture<Connection> open(Consumer<byte[]> heard) {
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        Bootstrap bootstrap = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        var handshaker = WebSocketClientHandshakerFactory.newHandshaker(
                                relay, WebSocketVersion.V13, null, false, new DefaultHttpHeaders(), LARGEST_FRAME);
                        channel.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(LARGEST_HANDSHAKE),
                                        new WebSocketClientProtocolHandler(handshaker),
                                        new Ear(heard, opened));
                    }
                });
        bootstrap
                .connect(relay.getHost(), relay.getPort() < 0 ? 80 : relay.getPort())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        opened.completeExceptionally(done.cause());
                    }
                });
        return opened;
    }

    @Override
    public void close() {
        var _ = loops.shutdownGracefully();
    }

    private static final class Ear extends SimpleChannelInboundHandler<WebSocketFrame> {

        private final Consumer<byte[]> heard;
        private final CompletableFuture<Connection> opened;

        Ear(Consumer<byte[]> heard, CompletableFuture<Connection> opened) {
            this.heard = heard;
            this.opened = opened;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                opened.complete(new Connection(context.channel()));
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame) {
                heard.accept(ByteBufUtil.getBytes(frame.content()));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            opened.completeExceptionally(new IllegalStateException("the relay has closed the connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            opened.completeExceptionally(cause);
            var _ = context.close();
        }
    }
}
