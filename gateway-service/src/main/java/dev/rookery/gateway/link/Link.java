package dev.rookery.gateway.link;

import dev.rookery.link.LinkFrame;
import io.netty.channel.Channel;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One open link to one instance of a service. Frames may be sent from any thread and leave in the order sent by
/// each.
///
/// @param sender takes a frame on its way
/// @param writable whether the transport keeps up with what it is given
/// @param closer ends the transport; the listener is told once it has closed
@SuppressWarnings("FutureReturnValueIgnored") // that it is closed shows by its listener
public record Link(Consumer<LinkFrame.FromGateway> sender, BooleanSupplier writable, Runnable closer) {

    static Link over(Channel channel) {
        LinkWriter writer = new LinkWriter(channel);
        return new Link(writer::write, writer::isWritable, channel::close);
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
}
