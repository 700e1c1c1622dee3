package dev.rookery.query.link;

import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A gateway's end of a link.
final class TestLink implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BlockingQueue<LinkFrame> heard = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    TestLink(int port, String token) {
        socket = client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(URI.create("ws://127.0.0.1:" + port + LinkCodec.PATH), new Listener())
                .join();
    }

    void send(LinkFrame frame) {
        socket.sendBinary(ByteBuffer.wrap(LinkCodec.encode(frame)), true).join();
    }

    void sendBytes(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    LinkFrame next() throws InterruptedException {
        LinkFrame frame = heard.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (frame == null) {
            throw new AssertionError("nothing was heard for " + PATIENCE);
        }
        return frame;
    }

    /// What is heard next, if anything is within the time.
    @Nullable
    LinkFrame nextWithin(Duration time) throws InterruptedException {
        return heard.poll(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// All frames up to the first that is not a page, which comes last.
    List<LinkFrame> answer() throws InterruptedException {
        List<LinkFrame> frames = new ArrayList<>();
        do {
            frames.add(next());
        } while (frames.getLast() instanceof LinkFrame.Page || frames.getLast() instanceof LinkFrame.RangePage);
        return frames;
    }

    int closedWith() {
        return closed.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
    }

    private final class Listener implements WebSocket.Listener {

        private final java.io.ByteArrayOutputStream message = new java.io.ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            message.writeBytes(part);
            if (last) {
                heard.add(LinkCodec.decode(ByteBuffer.wrap(message.toByteArray())));
                message.reset();
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            closed.complete(status);
            return null;
        }
    }
}
