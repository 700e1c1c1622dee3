package dev.rookery.faults.load;

import dev.rookery.client.RelayClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/// A client that publishes at its own pace, and sends again what was answered `error:` or not at all, at whichever
/// gateway it can reach.
final class Publisher implements Runnable {

    private static final int WINDOW = 16;
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final Duration LAST_BOUND = Duration.ofSeconds(90);

    private final List<URI> gateways;
    private final EventSource source;
    private final Ledger ledger;
    private final long intervalNanos;
    private final Map<String, Flight> inFlight = new LinkedHashMap<>();
    private final Deque<Retry> retries = new ArrayDeque<>();
    private int turn;
    private long nextAt = System.nanoTime();
    private volatile long stoppedAt;

    private record Flight(Sent sent, long since) {}

    private record Retry(Sent sent, long dueAt) {}

    /// @param gateways in the order in which it tries them
    Publisher(List<URI> gateways, EventSource source, Ledger ledger, int eventsPerSecond) {
        this.gateways = gateways;
        this.source = source;
        this.ledger = ledger;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / eventsPerSecond;
    }

    /// Nothing new is sent from now on; [#run] returns once all that was sent has its answer.
    void stop() {
        stoppedAt = System.nanoTime();
    }

    @Override
    public void run() {
        try {
            while (!isDone()) {
                URI gateway = gateways.get(turn++ % gateways.size());
                try (RelayClient client = new RelayClient(gateway)) {
                    converse(client, gateway.toString());
                } catch (RelayClient.Gone | TimeoutException | CompletionException gone) {
                    loseFlights();
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                }
            }
        } catch (Exception ours) {
            ledger.complain("a publisher has failed: " + ours);
        }
    }

    private void converse(RelayClient client, String gateway) throws Exception {
        Proofs proofs = new Proofs(ledger);
        while (!isDone()) {
            Optional<Sent> next = next();
            if (next.isPresent()) {
                send(client, next.get());
            }
            Optional<String> message = client.poll(next.isPresent() ? Duration.ZERO : POLL);
            if (message.isPresent()) {
                JsonNode json = RelayClient.parse(message.get());
                if (!proofs.hear(client, json, gateway) && isPromised(json, gateway)) {
                    proofs.promised(client, json.get(1).asString());
                }
            }
            complainOfSilence(gateway);
        }
    }

    private boolean isDone() {
        if (stoppedAt == 0) {
            return false;
        }
        if (System.nanoTime() - stoppedAt > LAST_BOUND.toNanos()) {
            ledger.complain("no promise was to be had for " + (inFlight.size() + retries.size()) + " events");
            return true;
        }
        return inFlight.isEmpty() && retries.isEmpty();
    }

    private Optional<Sent> next() {
        long now = System.nanoTime();
        if (inFlight.size() >= WINDOW) {
            return Optional.empty();
        }
        Retry retry = retries.peek();
        if (retry != null && retry.dueAt() - now <= 0) {
            retries.remove();
            return Optional.of(retry.sent());
        }
        if (stoppedAt != 0 || nextAt - now > 0) {
            return Optional.empty();
        }
        // What could not be sent in its time is not sent in a burst later.
        nextAt = Math.max(nextAt + intervalNanos, now - TimeUnit.SECONDS.toNanos(1));
        return Optional.of(source.next());
    }

    private void send(RelayClient client, Sent sent) throws Exception {
        ledger.sending(sent);
        inFlight.put(sent.id(), new Flight(sent, System.nanoTime()));
        client.send("[\"EVENT\"," + sent.json() + "]");
    }

    /// Whether it is a plain `OK true`.
    private boolean isPromised(JsonNode message, String gateway) {
        Flight flight = message.get(0).asString().equals("OK")
                ? inFlight.remove(message.get(1).asString())
                : null;
        if (flight == null) {
            ledger.complain(gateway + " says " + message + " to a publisher");
            return false;
        }
        RelayClient.Ok ok =
                new RelayClient.Ok(message.get(2).asBoolean(), message.get(3).asString());
        ledger.answered(flight.sent().id(), gateway, ok);
        if (!ok.accepted() && ok.message().startsWith("error:")) {
            retry(flight.sent());
        }
        return ok.accepted() && ok.message().isEmpty();
    }

    private void complainOfSilence(String gateway) throws RelayClient.Gone {
        long now = System.nanoTime();
        for (Flight flight : inFlight.values()) {
            if (now - flight.since() > PATIENCE.toNanos()) {
                ledger.complain("%s does not answer %s within %s".formatted(gateway, flight.sent(), PATIENCE));
                throw new RelayClient.Gone();
            }
        }
    }

    private void loseFlights() {
        List<Flight> lost = new ArrayList<>(inFlight.values());
        inFlight.clear();
        for (Flight flight : lost) {
            ledger.unanswered(flight.sent().id());
            retry(flight.sent());
        }
    }

    private void retry(Sent sent) {
        retries.add(new Retry(sent, System.nanoTime() + PAUSE.toNanos()));
    }
}
