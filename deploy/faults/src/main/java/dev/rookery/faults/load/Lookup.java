package dev.rookery.faults.load;

import dev.rookery.client.RelayClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// What is found by id at one gateway.
final class Lookup {

    private static final int BATCH = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final URI gateway;
    private final Ledger ledger;

    Lookup(URI gateway, Ledger ledger) {
        this.gateway = gateway;
        this.ledger = ledger;
    }

    /// Those of these that are served, whose bytes the ledger has then compared.
    Set<String> found(Collection<String> ids) throws Exception {
        List<String> all = new ArrayList<>(ids);
        Set<String> found = new HashSet<>();
        try (RelayClient client = new RelayClient(gateway)) {
            for (int from = 0; from < all.size(); from += BATCH) {
                List<String> batch = all.subList(from, Math.min(all.size(), from + BATCH));
                ask(client, "[\"REQ\",\"l\",{\"ids\":[\"" + String.join("\",\"", batch) + "\"]}]", found);
            }
        }
        return found;
    }

    private void ask(RelayClient client, String request, Set<String> found) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        client.send(request);
        while (System.nanoTime() - end < 0) {
            String message = client.poll(PATIENCE).orElseThrow(() -> new IllegalStateException("no answer"));
            JsonNode json = RelayClient.parse(message);
            switch (json.get(0).asString()) {
                case "EVENT" -> {
                    String id = json.get(2).get("id").asString();
                    ledger.served(
                            id,
                            message.substring("[\"EVENT\",\"l\",".length(), message.length() - 1),
                            "by id " + gateway);
                    found.add(id);
                }
                case "EOSE" -> {
                    client.send("[\"CLOSE\",\"l\"]");
                    return;
                }
                case "CLOSED" -> {
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                    client.send(request);
                }
                default -> throw new IllegalStateException("No answer: " + json);
            }
        }
        throw new IllegalStateException(gateway + " does not answer within " + PATIENCE);
    }
}
