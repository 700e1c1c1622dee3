package dev.rookery.standalone;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client that counts answers and does not look into them. For one thread.
final class RehearsalClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Semaphore window;
    private final int size;
    private final WebSocket socket;

    /// @param window how many messages may be without an answer
    RehearsalClient(URI relay, int window) {
        this.window = new Semaphore(window);
        this.size = window;
        this.socket =
                http.newWebSocketBuilder().buildAsync(relay, new Listener()).join();
    }

    void send(String message) throws Exception {
        take(1);
        socket.sendText(message, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    void awaitAnswers() throws Exception {
        take(size);
        window.release(size);
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }

    private void take(int permits) throws InterruptedException {
        if (!window.tryAcquire(permits, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("The relay does not answer");
        }
    }

    private final class Listener implements WebSocket.Listener {

        private boolean begun;

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            if (!begun && !data.toString().startsWith("[\"EVENT\"")) {
                window.release();
            }
            begun = !last;
            webSocket.request(1);
            return null;
        }
    }
}
