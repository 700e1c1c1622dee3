package dev.rookery.faults.load;

import dev.rookery.client.RelayClient;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What takes one connection's gateway at its word: of the events to which it has said a plain `OK true`, it asks for
/// some at once.
final class Proofs {

    private static final int OF = 5;

    private final Ledger ledger;
    private final Map<String, String> asked = new HashMap<>();
    private final Set<String> found = new HashSet<>();
    private int promises;

    Proofs(Ledger ledger) {
        this.ledger = ledger;
    }

    /// A plain `OK true` has just come.
    void promised(RelayClient client, String id) throws Exception {
        if (promises++ % OF == 0) {
            String name = "p" + promises;
            asked.put(name, id);
            client.send("[\"REQ\",\"" + name + "\",{\"ids\":[\"" + id + "\"]}]");
        }
    }

    /// @return whether the message answers a question of this
    boolean hear(RelayClient client, JsonNode message, String gateway) throws Exception {
        String name = message.get(1).asString();
        String id = asked.get(name);
        if (id == null) {
            return false;
        }
        switch (message.get(0).asString()) {
            case "EVENT" -> found.add(name);
            case "EOSE" -> {
                if (!found.remove(name) && !ledger.owedOf(Set.of(id)).isEmpty()) {
                    ledger.complain(gateway + " has just said that " + id + " is stored, and does not find it");
                }
                asked.remove(name);
                client.send("[\"CLOSE\",\"" + name + "\"]");
            }
            case "CLOSED" -> {
                found.remove(name);
                asked.remove(name);
                if (!message.get(2).asString().startsWith("error:")) {
                    ledger.complain(gateway + " says " + message);
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
