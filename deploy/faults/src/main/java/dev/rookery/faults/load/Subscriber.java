package dev.rookery.faults.load;

import dev.rookery.client.RelayClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/// A client that wants everything of some authors, and never goes: it subscribes again when its subscription is
/// closed with `error:`, and connects again when its connection ends.
///
/// What it demands of one subscription: whatever its gateway had promised before comes before EOSE, and nothing comes
/// twice. Of the last one, that in the end nothing is missing.
final class Subscriber implements Runnable {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final URI gateway;
    private final Ledger ledger;
    private final String filters;
    private final List<Coverage> coverages = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private volatile boolean stopped;

    Subscriber(URI gateway, Ledger ledger, List<String> authors) {
        this.gateway = gateway;
        this.ledger = ledger;
        StringBuilder each = new StringBuilder();
        authors.forEach(
                author -> each.append(",{\"authors\":[\"").append(author).append("\"],\"limit\":5000}"));
        this.filters = each.toString();
    }

    void stop() {
        stopped = true;
    }

    /// Whether its subscription stands, past the stored events.
    synchronized boolean isLive() {
        return !coverages.isEmpty()
                && ends.size() < coverages.size()
                && coverages.getLast().storedAreOver();
    }

    synchronized boolean has(String id) {
        return isLive() && coverages.getLast().received().contains(id);
    }

    /// What of this has not come in the subscription that stands.
    synchronized Set<String> missing(Set<String> ids) {
        Set<String> missing = new HashSet<>(ids);
        if (isLive()) {
            missing.removeAll(coverages.getLast().received());
        }
        return missing;
    }

    /// All that has ever come.
    synchronized Set<String> received() {
        Set<String> all = new HashSet<>();
        coverages.forEach(coverage -> all.addAll(coverage.received()));
        return all;
    }

    /// Deliveries after the stored events.
    synchronized int live() {
        return coverages.stream().mapToInt(Coverage::live).sum();
    }

    /// How each former subscription ended.
    synchronized List<String> ends() {
        return List.copyOf(ends);
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                try (RelayClient client = new RelayClient(gateway)) {
                    follow(client);
                } catch (RelayClient.Gone | TimeoutException | CompletionException gone) {
                    end("the connection has ended");
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                }
            }
        } catch (Exception ours) {
            ledger.complain("a subscriber has failed: " + ours);
        }
    }

    private void follow(RelayClient client) throws Exception {
        subscribe(client);
        while (!stopped) {
            Optional<String> message = client.poll(POLL);
            if (message.isPresent() && isEndedBy(message.get())) {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                subscribe(client);
            }
        }
    }

    private void subscribe(RelayClient client) throws Exception {
        Set<String> promised = ledger.storedAt(gateway.toString());
        String name;
        synchronized (this) {
            name = "s" + coverages.size();
            coverages.add(new Coverage(name, promised));
        }
        client.send("[\"REQ\",\"" + name + "\"" + filters + "]");
    }

    private synchronized boolean isEndedBy(String message) {
        JsonNode json = RelayClient.parse(message);
        Coverage coverage = coverages.getLast();
        String type = json.get(0).asString();
        if (!json.get(1).asString().equals(coverage.name())) {
            ledger.complain(gateway + " says in a subscription that has ended: " + message);
            return false;
        }
        switch (type) {
            case "EVENT" -> receive(coverage, json.get(2).get("id").asString(), message);
            case "EOSE" -> {
                for (String id : ledger.owedOf(coverage.endOfStored())) {
                    ledger.complain(
                            "%s had promised %s, and does not serve it in %s".formatted(gateway, id, coverage.name()));
                }
            }
            case "CLOSED" -> {
                if (!json.get(2).asString().startsWith("error:")) {
                    ledger.complain(gateway + " says " + message);
                }
                end(json.get(2).asString());
                return true;
            }
            default -> ledger.complain(gateway + " says " + message + " to a subscriber");
        }
        return false;
    }

    private void receive(Coverage coverage, String id, String message) {
        String head = "[\"EVENT\",\"" + coverage.name() + "\",";
        if (!message.startsWith(head)) {
            ledger.complain(gateway + " does not say " + head + " but " + message);
            return;
        }
        ledger.served(id, message.substring(head.length(), message.length() - 1), gateway.toString());
        if (!coverage.receive(id)) {
            ledger.complain("%s delivers %s twice in %s".formatted(gateway, id, coverage.name()));
        }
    }

    private synchronized void end(String reason) {
        if (ends.size() < coverages.size()) {
            ends.add(reason);
        }
    }
}
