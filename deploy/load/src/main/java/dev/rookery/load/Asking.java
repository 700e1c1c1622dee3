package dev.rookery.load;

import dev.rookery.load.Connections.Connection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// A client that asks one thing after the other and waits for the answers. For one thread.
final class Asking implements AutoCloseable {

    private static final int MOST_WAITING = 100_000;
    private static final long PATIENCE_SECONDS = 60;

    private final Connections connections;
    private final Connection connection;
    private final BlockingQueue<byte[]> heard = new ArrayBlockingQueue<>(MOST_WAITING);
    private int number;

    Asking(URI relay) throws Exception {
        connections = new Connections(relay, 1);
        connection = connections.open(heard::add).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /// The ids of what is stored and matches.
    List<String> ids(String filter) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        for (Received event : ask(filter)) {
            event.eventId().ifPresent(ids::add);
        }
        return ids;
    }

    /// The events up to EOSE.
    List<Received> ask(String filter) throws InterruptedException {
        String name = "q" + number++;
        connection.send("[\"REQ\",\"" + name + "\"," + filter + "]");
        List<Received> events = new ArrayList<>();
        while (true) {
            byte[] message = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new IllegalStateException("no answer to " + filter);
            }
            Received received = Received.of(message);
            if (received.subject().equals(name)) {
                switch (received.verb()) {
                    case "EVENT" -> events.add(received);
                    case "EOSE" -> {
                        connection.send("[\"CLOSE\",\"" + name + "\"]");
                        return events;
                    }
                    case "CLOSED" ->
                        throw new IllegalStateException("refused: " + filter + ": "
                                + new String(message, java.nio.charset.StandardCharsets.UTF_8));
                    default -> {}
                }
            }
        }
    }

    @Override
    public void close() {
        connection.close();
        connections.close();
    }
}
