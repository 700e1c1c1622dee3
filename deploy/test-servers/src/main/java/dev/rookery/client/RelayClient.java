package dev.rookery.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of the relay that writes and reads plain JSON, with none of the suite's own code. For one thread.
public final class RelayClient implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WINDOW = 64;
    private static final String CLOSED = "";

    private final HttpClient http;
    private final WebSocket socket;
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

    /// @throws java.util.concurrent.CompletionException when it cannot connect
    public RelayClient(URI relay) {
        http = HttpClient.newHttpClient();
        try {
            socket = http.newWebSocketBuilder()
                    .connectTimeout(PATIENCE)
                    .buildAsync(relay, new Listener())
                    .join();
        } catch (RuntimeException refused) {
            http.shutdownNow();
            throw refused;
        }
    }

    /// What the relay said of an event.
    public record Ok(boolean accepted, String message) {}

    /// The connection ended.
    public static final class Gone extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /// Sends the events in their order, some at once, and returns the answers by id. When the connection ends before
    /// all are answered, those that are.
    public Map<String, Ok> publish(Iterable<String> events) throws Exception {
        Map<String, Ok> answers = new LinkedHashMap<>();
        int pending = 0;
        try {
            for (String event : events) {
                send("[\"EVENT\"," + event + "]");
                if (++pending == WINDOW) {
                    takeOk(answers);
                    pending--;
                }
            }
            for (; pending > 0; pending--) {
                takeOk(answers);
            }
        } catch (Gone gone) {
            return answers;
        }
        return answers;
    }

    public Ok publish(String event) throws Exception {
        return publish(List.of(event)).values().iterator().next();
    }

    /// The stored events of each filter, in the order served. A challenge (NIP-42) may come at any time, and is passed
    /// over.
    ///
    /// @throws IllegalStateException when the relay refuses one
    public List<List<JsonNode>> query(List<String> filters) throws Exception {
        Map<String, List<JsonNode>> open = new HashMap<>();
        List<List<JsonNode>> found = new ArrayList<>();
        for (String filter : filters) {
            List<JsonNode> events = new ArrayList<>();
            found.add(events);
            String name = "q" + found.size();
            open.put(name, events);
            send("[\"REQ\",\"" + name + "\"," + filter + "]");
            if (open.size() == WINDOW) {
                takeUntilOneEnds(open);
            }
        }
        while (!open.isEmpty()) {
            takeUntilOneEnds(open);
        }
        return found;
    }

    public List<JsonNode> query(String filter) throws Exception {
        return query(List.of(filter)).getFirst();
    }

    public void send(String message) throws Exception {
        try {
            socket.sendText(message, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException broken) {
            throw new Gone();
        }
    }

    /// The next message.
    public JsonNode take() throws Exception {
        return JSON.readTree(poll(PATIENCE).orElseThrow(() -> new IllegalStateException("The relay says nothing")));
    }

    /// The next message as it came, if there is one in time.
    ///
    /// @throws Gone when the connection has ended and all that came before has been taken
    public Optional<String> poll(Duration patience) throws Gone, InterruptedException {
        String message = messages.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (message != null && message.equals(CLOSED)) {
            messages.add(CLOSED);
            throw new Gone();
        }
        return Optional.ofNullable(message);
    }

    public static JsonNode parse(String json) {
        return JSON.readTree(json);
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }

    private void takeOk(Map<String, Ok> answers) throws Exception {
        JsonNode ok = take();
        if (!ok.get(0).asString().equals("OK") || ok.size() != 4) {
            throw new IllegalStateException("No answer to an event: " + ok);
        }
        answers.put(
                ok.get(1).asString(), new Ok(ok.get(2).asBoolean(), ok.get(3).asString()));
    }

    private void takeUntilOneEnds(Map<String, List<JsonNode>> open) throws Exception {
        while (true) {
            JsonNode message = take();
            String name = message.get(1).asString();
            switch (message.get(0).asString()) {
                case "EVENT" -> Objects.requireNonNull(open.get(name), name).add(message.get(2));
                case "EOSE" -> {
                    open.remove(name);
                    send("[\"CLOSE\",\"" + name + "\"]");
                    return;
                }
                case "AUTH" -> {}
                default -> throw new IllegalStateException("No answer to a request: " + message);
            }
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder parts = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                messages.add(parts.toString());
                parts.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            messages.add(CLOSED);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            messages.add(CLOSED);
        }
    }
}
