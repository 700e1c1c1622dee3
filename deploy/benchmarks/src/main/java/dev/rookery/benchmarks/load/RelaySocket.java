package dev.rookery.benchmarks.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One connection to a relay; messages are handed to the listener whole, one after the other.
final class RelaySocket implements AutoCloseable {

    private final WebSocket socket;
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

    private RelaySocket(WebSocket socket) {
        this.socket = socket;
    }

    static RelaySocket open(HttpClient client, URI relay, Consumer<String> listener) {
        return new RelaySocket(client.newWebSocketBuilder()
                .buildAsync(relay, new Whole(listener))
                .join());
    }

    /// Queued behind what was sent before.
    synchronized void send(String message) {
        sent = sent.thenCompose(before -> socket.sendText(message, true));
    }

    @Override
    public void close() {
        socket.abort();
    }

    private static final class Whole implements WebSocket.Listener {

        private final Consumer<String> listener;
        private final StringBuilder parts = new StringBuilder();

        Whole(Consumer<String> listener) {
            this.listener = listener;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                String message = parts.toString();
                parts.setLength(0);
                listener.accept(message);
            }
            webSocket.request(1);
            return null;
        }
    }
}
