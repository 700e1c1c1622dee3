package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An instance of broadcast-service that follows the log at its own pace, with frames under way in both directions.
final class SimulatedBroadcast {

    private final SimulatedLog log;
    private final Map<Integer, List<Filter>> registered = new LinkedHashMap<>();
    private final Deque<LinkFrame.FromGateway> arriving = new ArrayDeque<>();
    private final Deque<LinkFrame.ToGateway> leaving = new ArrayDeque<>();
    private long epoch = 1;
    private long applied;
    private long credit;

    SimulatedBroadcast(SimulatedLog log) {
        this.log = log;
    }

    /// Says where it is: at once on a link, and now and then.
    void beat() {
        leaving.add(new LinkFrame.Heartbeat(at()));
    }

    void cut() {
        credit = 0;
        registered.clear();
        arriving.clear();
        leaving.clear();
    }

    void hear(LinkFrame.FromGateway frame) {
        arriving.add(frame);
    }

    boolean isBusy() {
        return isStale()
                || applied < log.events(epoch).size()
                || !arriving.isEmpty()
                || leaving.stream().anyMatch(frame -> !(frame instanceof LinkFrame.Heartbeat));
    }

    /// Whether it has not heard of the latest epoch.
    boolean isStale() {
        return epoch < log.epoch();
    }

    /// Follows the latest epoch from its end; its links end.
    void startAfresh() {
        cut();
        epoch = log.epoch();
        applied = log.events().size();
    }

    /// Another instance in its place, which is not as far.
    void fallBack(int positions) {
        cut();
        applied = Math.max(log.floor(epoch), applied - positions);
    }

    /// Applies one request or, when there is none, the next event.
    void step() throws MalformedMessageException {
        LinkFrame.FromGateway next = arriving.poll();
        switch (next) {
            case LinkFrame.Register(var handle, var filters) -> {
                registered.put(handle, FilterReader.readAll(filters));
                leaving.add(new LinkFrame.Registered(handle, at()));
            }
            case LinkFrame.Unregister(var handle) -> registered.remove(handle);
            case LinkFrame.Credit(var request, var bytes) -> credit += bytes;
            case null -> apply();
            default -> throw new AssertionError("not for broadcast-service: " + next);
        }
    }

    private void apply() {
        if (applied == log.events(epoch).size()) {
            return;
        }
        Event event = log.events(epoch).get((int) applied++);
        int[] handles = registered.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(filter -> filter.matches(event)))
                .mapToInt(Map.Entry::getKey)
                .toArray();
        leaving.add(
                handles.length == 0
                        ? new LinkFrame.Heartbeat(at())
                        : new LinkFrame.Deliver(at(), handles, event.json()));
    }

    private Position at() {
        return new Position(epoch, applied);
    }

    LinkFrame.ToGateway nextFrame() {
        LinkFrame.ToGateway next = leaving.remove();
        if (next instanceof LinkFrame.Deliver deliver) {
            credit -= deliver.event().length;
        }
        return next;
    }

    /// What is without credit waits, and everything behind it.
    boolean hasFrame() {
        return !leaving.isEmpty() && !(leaving.peek() instanceof LinkFrame.Deliver && credit <= 0);
    }
}
