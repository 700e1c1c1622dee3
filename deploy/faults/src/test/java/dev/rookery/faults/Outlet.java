package dev.rookery.faults;

import dev.rookery.client.RelayClient;
import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// A gateway that is asked for what is stored, on a connection of its own each time.
record Outlet(URI gateway) {

    private static final int BOUND_SECONDS = 60;

    /// What a REQ comes to.
    ///
    /// @param ids of the stored events
    /// @param end `EOSE`, or the reason of the `CLOSED`
    record Answer(Set<String> ids, String end) {}

    Answer ask(String filter) throws Exception {
        try (RelayClient client = new RelayClient(gateway)) {
            client.send("[\"REQ\",\"o\"," + filter + "]");
            Set<String> ids = new HashSet<>();
            while (true) {
                JsonNode message = client.take();
                switch (message.get(0).asString()) {
                    case "EVENT" -> ids.add(message.get(2).get("id").asString());
                    case "EOSE" -> {
                        return new Answer(ids, "EOSE");
                    }
                    default -> {
                        return new Answer(ids, message.get(2).asString());
                    }
                }
            }
        }
    }

    /// Which of these have not been found when all have, or when it is no use waiting any longer.
    Set<String> missing(Collection<String> ids) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        Set<String> missing = new HashSet<>(ids);
        while (!missing.isEmpty() && System.nanoTime() - end < 0) {
            missing.removeAll(
                    ask("{\"ids\":[\"" + String.join("\",\"", ids) + "\"]}").ids());
            TimeUnit.MILLISECONDS.sleep(missing.isEmpty() ? 0 : 100);
        }
        return missing;
    }
}
