package dev.rookery.gateway.link;

import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One open link to one instance of a service. Frames may be sent from any thread and leave in the order sent by
/// each.
///
/// @param sender takes a frame on its way
/// @param writable whether the transport keeps up with what it is given
/// @param closer ends the transport; the listener is told once it has closed
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of a frame shows when the link closes
public record Link(Consumer<LinkFrame.FromGateway> sender, BooleanSupplier writable, Runnable closer) {

    static Link over(Channel channel) {
        return new Link(frame -> write(channel, frame), channel::isWritable, channel::close);
    }

    public void send(LinkFrame.FromGateway frame) {
        sender.accept(frame);
    }

    public boolean isWritable() {
        return writable.getAsBoolean();
    }

    public void close() {
        closer.run();
    }

    private static void write(Channel channel, LinkFrame frame) {
        var bytes = new BinaryWebSocketFrame(Unpooled.wrappedBuffer(LinkCodec.encode(frame)));
        channel.writeAndFlush(bytes, channel.voidPromise());
    }
}
