package dev.rookery.faults;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A subscription to one author, made before he has written anything, that stays.
final class Watch implements AutoCloseable {

    private final RelayClient client;
    private final List<String> delivered = new ArrayList<>();

    Watch(URI gateway, Author author) throws Exception {
        client = new RelayClient(gateway);
        client.send("[\"REQ\",\"w\"," + author.filter() + "]");
        JsonNode first = client.take();
        if (!first.get(0).asString().equals("EOSE")) {
            client.close();
            throw new IllegalStateException("Not the end of nothing: " + first);
        }
    }

    /// All that was delivered, in its order and as often as it was, as soon as this event has been.
    ///
    /// @throws IllegalStateException when the subscription ends, or nothing is delivered for long
    List<String> until(Event last) throws Exception {
        while (!delivered.contains(last.id().toString())) {
            JsonNode message = client.take();
            if (!message.get(0).asString().equals("EVENT")) {
                throw new IllegalStateException("No live event: " + message);
            }
            delivered.add(message.get(2).get("id").asString());
        }
        return List.copyOf(delivered);
    }

    @Override
    public void close() {
        client.close();
    }
}
