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
            new JoinSimulation(seed, events, true, false).run();
        }
    }

    /// The gateway does not take it on trust that an answer reaches as far as it asked for.
    @Test
    void asksAgainWhenAnAnswerIsBehind() throws MalformedMessageException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            new JoinSimulation(seed, events, false, false).run();
        }
    }

    /// The database goes back, the store's link is lost, ranges are refused, bounds are narrow: whatever cannot go on
    /// ends in `CLOSED error:`, and the rest misses nothing.
    @Test
    void endsWithAnErrorWhateverCannotGoOnWithoutAGap() throws MalformedMessageException {
        int ended = 0;
        int stayedOpen = 0;
        for (long seed = 1; seed <= 2 * SEEDS; seed++) {
            JoinSimulation simulation = new JoinSimulation(seed, events, true, true);
            simulation.run();
            ended += simulation.ended();
            stayedOpen += simulation.stayedOpen();
        }
        assertThat(ended).as("subscriptions that were ended").isGreaterThan(SEEDS);
        assertThat(stayedOpen).as("subscriptions that stayed open").isGreaterThan(SEEDS);
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
