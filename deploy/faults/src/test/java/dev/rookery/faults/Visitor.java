package dev.rookery.faults;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A client that comes by at a gateway with one event or one question, and goes again.
record Visitor(URI gateway) {

    /// What came of a question.
    ///
    /// @param ids what was found
    /// @param end `EOSE`, or the reason of `CLOSED`
    record Answer(List<String> ids, String end) {}

    RelayClient.Ok publishes(Event event) throws Exception {
        try (RelayClient client = new RelayClient(gateway)) {
            return client.publish(event.toString());
        }
    }

    Answer asks(String filter) throws Exception {
        try (RelayClient client = new RelayClient(gateway)) {
            client.send("[\"REQ\",\"v\"," + filter + "]");
            List<String> ids = new ArrayList<>();
            for (JsonNode message = client.take(); ; message = client.take()) {
                switch (message.get(0).asString()) {
                    case "EVENT" -> ids.add(message.get(2).get("id").asString());
                    case "EOSE" -> {
                        return new Answer(ids, "EOSE");
                    }
                    case "CLOSED" -> {
                        return new Answer(ids, message.get(2).asString());
                    }
                    default -> throw new IllegalStateException("No answer to a request: " + message);
                }
            }
        }
    }
}
