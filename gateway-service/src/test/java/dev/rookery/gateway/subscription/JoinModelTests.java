package dev.rookery.gateway.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.signature.SchnorrSigner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Invariant 3 against every order that a few hundred seeds find: each matching event is sent exactly once.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JoinModelTests {

    private static final int EVENTS = 150;
    private static final int SEEDS = 200;
    private static final int[] KINDS = {1, 7, 1984, 1, 1};

    private final List<Event> events = events();

    @Test
    void sendsEachMatchingEventExactlyOnceThroughLagAndLostLinks() throws MalformedMessageException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            check(seed, true);
        }
    }

    /// The gateway does not take it on trust that an answer reaches as far as it asked for.
    @Test
    void asksAgainWhenAnAnswerIsBehind() throws MalformedMessageException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            check(seed, false);
        }
    }

    private void check(long seed, boolean storeWaits) throws MalformedMessageException {
        JoinSimulation simulation = new JoinSimulation(seed, events, storeWaits);
        simulation.run();
        simulation.open().forEach((id, filters) -> {
            List<String> matching = events.stream()
                    .filter(event -> filters.stream().anyMatch(filter -> filter.matches(event)))
                    .map(event -> event.id().toString())
                    .toList();
            assertThat(simulation.received().get(id))
                    .as("seed %d, subscription %s", seed, id)
                    .containsExactlyInAnyOrderElementsOf(matching);
        });
    }

    private static List<Event> events() {
        byte[] secret = new byte[32];
        secret[31] = 7;
        SchnorrSigner signer = new SchnorrSigner(secret);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            events.add(Event.of(signer, 1_700_000_000 + i, KINDS[i % KINDS.length], List.of(), "event " + i));
        }
        return events;
    }
}
