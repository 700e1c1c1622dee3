package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
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
/// committed.
final class SimulatedStore {

    private final QueryClient client;
    private final List<Event> log;
    private final Random random;
    private final boolean waits;
    private final List<LinkFrame.FromGateway> asked = new ArrayList<>();
    private final Deque<LinkFrame.ToGateway> answers = new ArrayDeque<>();

    /// @param waits whether a view that is behind what is asked for is passed over, as it must be
    SimulatedStore(QueryClient client, List<Event> log, Random random, boolean waits) {
        this.client = client;
        this.log = log;
        this.random = random;
        this.waits = waits;
    }

    void hear(LinkFrame.FromGateway frame) {
        switch (frame) {
            case LinkFrame.Query query -> asked.add(query);
            case LinkFrame.Range range -> asked.add(range);
            case LinkFrame.Cancel _, LinkFrame.Credit _, LinkFrame.Status _, LinkFrame.Register _ -> {}
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

    private void answer(LinkFrame.Query query) throws MalformedMessageException {
        long committed = log.size();
        long least = waits ? query.atLeast().seq() : 0;
        long from = Math.max(least, committed - 20);
        Position snapshot = new Position(1, from + random.nextLong(committed - from + 1));
        List<byte[]> page = new ArrayList<>();
        List<Filter> filters = FilterReader.readAll(query.filters());
        for (int i = (int) snapshot.seq() - 1; i >= 0; i--) {
            Event event = log.get(i);
            if (filters.stream().anyMatch(filter -> filter.matches(event))) {
                page.add(event.json());
            }
            if (random.nextInt(10) == 0) {
                answers.add(new LinkFrame.Page(query.request(), snapshot, List.copyOf(page)));
                page.clear();
            }
        }
        answers.add(new LinkFrame.Page(query.request(), snapshot, List.copyOf(page)));
        answers.add(new LinkFrame.End(query.request(), snapshot));
    }

    private void answer(LinkFrame.Range range) {
        if (random.nextInt(3) == 0) {
            answers.add(new LinkFrame.Failed(range.request(), Failure.BEHIND, "the view is behind"));
            return;
        }
        for (long seq = range.after().seq() + 1; seq <= range.upTo().seq(); seq++) {
            var placed = new LinkFrame.Placed(seq, log.get((int) seq - 1).json());
            answers.add(new LinkFrame.RangePage(range.request(), List.of(placed)));
        }
        answers.add(new LinkFrame.End(range.request(), range.upTo()));
    }
}
