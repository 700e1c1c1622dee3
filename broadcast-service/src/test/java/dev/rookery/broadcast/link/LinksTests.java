package dev.rookery.broadcast.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;

/// What one gateway may register, and what becomes of it.
@Timeout(30)
class LinksTests {

    private static final LinkProperties BOUNDS = new LinkProperties(
            DataSize.ofMegabytes(32),
            Duration.ofSeconds(1),
            1_000_000,
            DataSize.ofMegabytes(1),
            9_000,
            Duration.ofSeconds(2),
            Duration.ofSeconds(15));

    private final Queue<Runnable> inbox = new ArrayDeque<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LinkMeters meters = new LinkMeters(registry);
    private final Links links = new Links(inbox::add, BOUNDS, meters, System::nanoTime);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Link link = new Link(BOUNDS, meters, new Outlet(channel, meters), () -> {});

    private void register(int handle, String filter) {
        byte[] filters = ("[" + filter + "]").getBytes(UTF_8);
        byte[] frame = LinkCodec.encode(new LinkFrame.Register(handle, filters));
        links.handle(link, LinkRequest.read(ByteBuffer.wrap(frame), BOUNDS));
    }

    private static String ofAuthors(int count, String more) {
        return IntStream.range(0, count)
                .mapToObj("\"%064x\""::formatted)
                .collect(Collectors.joining(",", "{\"authors\":[", "]" + more + "}"));
    }

    private List<LinkFrame> sent() {
        channel.runPendingTasks();
        List<LinkFrame> frames = new ArrayList<>();
        for (BinaryWebSocketFrame frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
            frames.add(LinkCodec.decode(frame.content().nioBuffer()));
            frame.release();
        }
        return frames;
    }

    private int registered() {
        return (int) Objects.requireNonNull(
                        registry.find("rookery.broadcast.registrations").gauge())
                .value();
    }

    private void open() {
        links.begin(new Position(1, 1));
        links.open(link);
        sent();
    }

    /// A few bytes of JSON may stand for thousands of entries: authors for each of a few kinds.
    @Test
    void refusesWhatWouldWeighTooMuchInTheIndexHoweverShortItIs() {
        open();
        register(1, ofAuthors(1_000, ",\"kinds\":[1,2,3,4]"));
        register(2, ofAuthors(1_000, ",\"kinds\":[1,2,3,4]"));
        assertThat(sent())
                .containsExactly(
                        new LinkFrame.Registered(1, new Position(1, 1)),
                        new LinkFrame.Refused(2, "error: too many filters"));
        register(3, ofAuthors(3_500, ""));
        links.handle(link, new LinkRequest.Withdraw(1));
        register(4, ofAuthors(1_000, ",\"kinds\":[1,2,3,4]"));
        assertThat(sent()).allMatch(LinkFrame.Registered.class::isInstance).hasSize(2);
        assertThat(registered()).isEqualTo(2);
    }

    /// A frame too large to be read ends the link for everyone on it, and again when all of it is registered anew.
    @Test
    void readsWhateverAGatewayMaySendHoweverLittleOneSubscriptionMayHave() {
        for (long size : new long[] {1, 1 << 20, 1 << 22}) {
            var bounds = new LinkProperties(
                    DataSize.ofMegabytes(32),
                    Duration.ofSeconds(1),
                    1,
                    DataSize.ofBytes(size),
                    1,
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(15));
            byte[] filters = new byte[Math.max((int) size, LinkCodec.LONGEST_FILTERS)];
            assertThat(LinkCodec.encode(new LinkFrame.Register(1, filters)).length)
                    .isLessThanOrEqualTo(bounds.largestFrame());
        }
    }

    /// Others wait while an ended link is forgotten, so it is forgotten a piece at a time; heavy filters are few to a
    /// piece.
    @Test
    void forgetsAnEndedLinkInPiecesOfBoundedWeight() {
        open();
        for (int handle = 1; handle <= 8; handle++) {
            register(handle, ofAuthors(1_000, ""));
        }
        assertThat(registered()).isEqualTo(8);
        links.closed(link);
        List<Integer> left = new ArrayList<>(List.of(registered()));
        for (Runnable next = inbox.poll(); next != null; next = inbox.poll()) {
            next.run();
            left.add(registered());
        }
        assertThat(left).containsExactly(6, 4, 2, 0, 0);
    }
}
