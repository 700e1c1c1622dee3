package dev.rookery.benchmarks;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.scenario.RealEvents;
import java.util.List;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Real events one after the other, again and again, so that no branch of a parser can learn one of them by heart.
@State(Scope.Thread)
public class EventRing {

    private final List<byte[]> json = RealEvents.json();
    private final List<Event> events = json.stream().map(EventRing::parse).toList();
    private int next;

    byte[] nextJson() {
        return json.get(advance());
    }

    Event nextEvent() {
        return events.get(advance());
    }

    private int advance() {
        next = next + 1 == json.size() ? 0 : next + 1;
        return next;
    }

    static Event parse(byte[] json) {
        try {
            return EventReader.read(json);
        } catch (MalformedMessageException e) {
            throw new IllegalStateException(e);
        }
    }
}
