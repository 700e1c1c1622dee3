package dev.rookery.broadcast.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.springframework.util.unit.DataSize;

/// Links for tests of what feeds them.
public final class TestLinks {

    private static final LinkProperties BOUNDS = new LinkProperties(
            DataSize.ofMegabytes(32),
            Duration.ofSeconds(1),
            10,
            DataSize.ofMegabytes(1),
            10,
            Duration.ofSeconds(2),
            Duration.ofSeconds(15));

    private TestLinks() {}

    /// With one who has registered for all events.
    ///
    /// @param nanoTime asked for each event that is delivered
    public static Links ofOneWhoWantsAll(LongSupplier nanoTime) {
        LinkMeters meters = new LinkMeters(new SimpleMeterRegistry());
        Links links = new Links(Runnable::run, BOUNDS, meters, nanoTime);
        Link link = new Link(BOUNDS, meters, new Outlet(new EmbeddedChannel(), meters), () -> {});
        links.begin(new Position(1, 1));
        links.open(link);
        byte[] frame = LinkCodec.encode(new LinkFrame.Register(1, "[{}]".getBytes(UTF_8)));
        links.handle(link, LinkRequest.read(ByteBuffer.wrap(frame), BOUNDS));
        return links;
    }
}
