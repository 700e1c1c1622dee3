package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.gateway.link.Link;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.order.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/// A query-service with a view that lags: an answer comes from anywhere between what was asked for and what is
/// committed, perhaps late, and may fail at once or half-way.
final class SimulatedStore {

    private final QueryClient client;
    private final SimulatedLog log;
    private final Random random;
    private final boolean waits;
    private final boolean harsh;
    private final List<LinkFrame.FromGateway> asked = new ArrayList<>();
    private final Deque<LinkFrame.ToGateway> answers = new ArrayDeque<>();

    /// @param waits whether a view that is behind what is asked for is passed over, as it must be
    /// @param harsh whether ranges may be refused for good, and views may not have heard of the latest epoch
    SimulatedStore(QueryClient client, SimulatedLog log, Random random, boolean waits, boolean harsh) {
        this.client = client;
        this.log = log;
        this.random = random;
        this.waits = waits;
        this.harsh = harsh;
        link();
    }

    private void link() {
        client.opened(new Link(this::hear, () -> true, () -> {}));
    }

    /// Its link is lost with all that is under way, and there is another at once.
    void cut() {
        asked.clear();
        answers.clear();
        client.closed();
        link();
    }

    private void hear(LinkFrame.FromGateway frame) {
        switch (frame) {
            case LinkFrame.Query query -> asked.add(query);
            case LinkFrame.Range range -> asked.add(range);
            case LinkFrame.Cancel _, LinkFrame.Credit _, LinkFrame.Status _, LinkFrame.Register _ -> {}
            case LinkFrame.Count _, LinkFrame.Reconcile _, LinkFrame.ReconcileOn _ ->
                throw new AssertionError("no subscription asks for " + frame);
            case LinkFrame.Unregister _ -> {}
        }
    }

    boolean isBusy() {
        return !asked.isEmpty() || !answers.isEmpty();
    }

    /// Works on one request, or says one part of an answer.
    void step() throws MalformedMessageException {
        if (!answers.isEmpty() && random.nextBoolean()) {
            client.received(answers.remove());
        } else if (!asked.isEmpty()) {
            switch (asked.remove(random.nextInt(asked.size()))) {
                case LinkFrame.Query query -> answer(query);
                case LinkFrame.Range range -> answer(range);
                default -> throw new AssertionError("not a request");
            }
        }
    }

    private Position snapshot(Position atLeast) {
        long epoch = log.epoch();
        if (harsh && waits && atLeast.epoch() > 0 && random.nextInt(3) == 0) {
            epoch = atLeast.epoch();
        }
        long committed = log.events(epoch).size();
        long least = waits && atLeast.epoch() == epoch ? atLeast.seq() : log.floor(epoch);
        long from = Math.max(least, committed - 20);
        return new Position(epoch, from + random.nextLong(committed - from + 1));
    }

    private void answer(LinkFrame.Query query) throws MalformedMessageException {
        if (random.nextInt(8) == 0) {
            answers.add(new LinkFrame.Failed(query.request(), Failure.OVERLOADED, "simulated"));
            return;
        }
        Position snapshot = snapshot(query.atLeast());
        List<byte[]> page = new ArrayList<>();
        List<Filter> filters = FilterReader.readAll(query.filters());
        for (int i = (int) snapshot.seq() - 1; i >= 0; i--) {
            Event event = log.events(snapshot.epoch()).get(i);
            if (filters.stream().anyMatch(filter -> filter.matches(event))) {
                page.add(event.json());
            }
            if (random.nextInt(10) == 0) {
                answers.add(new LinkFrame.Page(query.request(), snapshot, List.copyOf(page)));
                page.clear();
                if (harsh && random.nextInt(8) == 0) {
                    answers.add(new LinkFrame.Failed(query.request(), Failure.OVERLOADED, "simulated"));
                    return;
                }
            }
        }
        answers.add(new LinkFrame.Page(query.request(), snapshot, List.copyOf(page)));
        answers.add(new LinkFrame.End(query.request(), snapshot));
    }

    private void answer(LinkFrame.Range range) {
        int luck = random.nextInt(harsh ? 13 : 12);
        if (luck < 4) {
            fail(range, Failure.BEHIND);
        } else if (luck == 12) {
            fail(range, Failure.TOO_LARGE);
        } else if (range.upTo().epoch() != log.epoch()) {
            fail(range, Failure.INVALID);
        } else {
            answer(range, luck < 6);
        }
    }

    private void answer(LinkFrame.Range range, boolean breaksOff) {
        for (long seq = range.after().seq() + 1; seq <= range.upTo().seq(); seq++) {
            if (breaksOff && random.nextInt(4) == 0) {
                fail(range, Failure.UNAVAILABLE);
                return;
            }
            var placed =
                    new LinkFrame.Placed(seq, log.events().get((int) seq - 1).json());
            answers.add(new LinkFrame.RangePage(range.request(), List.of(placed)));
        }
        answers.add(new LinkFrame.End(range.request(), range.upTo()));
    }

    private void fail(LinkFrame.Range range, Failure failure) {
        answers.add(new LinkFrame.Failed(range.request(), failure, "simulated"));
    }
}
