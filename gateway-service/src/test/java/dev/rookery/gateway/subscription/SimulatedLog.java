package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.order.Position;
import java.util.ArrayList;
import java.util.List;

/// The one order of decisions, of which a tail can be lost: then the next epoch goes on from what is left.
final class SimulatedLog {

    private record Epoch(long floor, List<Event> events) {}

    private final List<Epoch> epochs = new ArrayList<>();

    SimulatedLog() {
        epochs.add(new Epoch(0, new ArrayList<>()));
    }

    long epoch() {
        return epochs.size();
    }

    /// Where the epoch began.
    long floor(long epoch) {
        return epochs.get((int) epoch - 1).floor();
    }

    /// All that has been decided, as the epoch sees it.
    List<Event> events(long epoch) {
        return epochs.get((int) epoch - 1).events();
    }

    List<Event> events() {
        return events(epoch());
    }

    Position end() {
        return new Position(epoch(), events().size());
    }

    void add(Event event) {
        events().add(event);
    }

    /// @return what is lost
    List<Event> goBack(int lost) {
        List<Event> all = events();
        int left = Math.max(0, all.size() - lost);
        epochs.add(new Epoch(left, new ArrayList<>(all.subList(0, left))));
        return List.copyOf(all.subList(left, all.size()));
    }
}
