package dev.rookery.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterWriter;
import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Deliver;
import dev.rookery.link.LinkFrame.Heartbeat;
import dev.rookery.link.LinkFrame.Registered;
import dev.rookery.order.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A gateway's end of a link. Heartbeats are passed over unless asked for.
final class TestLink implements AutoCloseable {

    static final long PLENTY = 1L << 40;

    private final BlockingQueue<LinkFrame> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final RawWebSocket socket;

    /// A link that has granted all the credit there is.
    static TestLink open(int port, String token) throws Exception {
        TestLink link = new TestLink(port, token);
        link.send(new LinkFrame.Credit(LinkFrame.WHOLE_LINK, PLENTY));
        return link;
    }

    /// A link that has granted no credit yet.
    TestLink(int port, String token) throws Exception {
        socket = new RawWebSocket(port, token);
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try {
            while (true) {
                received.add(LinkCodec.decode(ByteBuffer.wrap(socket.receive())));
            }
        } catch (RawWebSocket.Ended end) {
            closed.complete(end.code());
        } catch (IOException lost) {
            closed.complete(1006);
        }
    }

    void send(LinkFrame.FromGateway frame) throws IOException {
        sendBytes(LinkCodec.encode(frame));
    }

    void sendBytes(byte[] frame) throws IOException {
        socket.send(frame);
    }

    /// @return the last position that had been matched
    Position register(int handle, Filter... filters) throws Exception {
        send(new LinkFrame.Register(handle, FilterWriter.write(List.of(filters))));
        Registered registered = next(Registered.class);
        assertThat(registered.handle()).isEqualTo(handle);
        return registered.seen();
    }

    Deliver delivered() throws InterruptedException {
        return next(Deliver.class);
    }

    Heartbeat heartbeat() throws InterruptedException {
        LinkFrame frame = any();
        assertThat(frame).isInstanceOf(Heartbeat.class);
        return (Heartbeat) frame;
    }

    LinkFrame any() throws InterruptedException {
        LinkFrame frame = received.poll(10, TimeUnit.SECONDS);
        assertThat(frame)
                .as("a frame within ten seconds, %s", closed.isDone() ? "closed with " + closed.join() : "still open")
                .isNotNull();
        return frame;
    }

    /// What has been received and not been asked for.
    List<LinkFrame> soFar() {
        List<LinkFrame> frames = new ArrayList<>();
        received.drainTo(frames);
        return frames;
    }

    <F extends LinkFrame> F next(Class<F> type) throws InterruptedException {
        LinkFrame frame = any();
        while (frame instanceof Heartbeat) {
            frame = any();
        }
        assertThat(frame).isInstanceOf(type);
        return type.cast(frame);
    }

    int closeCode() throws Exception {
        return closed.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
