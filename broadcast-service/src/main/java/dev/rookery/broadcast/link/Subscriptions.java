package dev.rookery.broadcast.link;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterIndex;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.order.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All registrations of all links, indexed by what they ask for. On the owner's thread only.
final class Subscriptions {

    private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);

    private final FilterIndex<Registration> index = new FilterIndex<>();
    private final List<Link> found = new ArrayList<>();
    private final LinkMeters meters;
    private final LongSupplier nanoTime;

    Subscriptions(LinkMeters meters, LongSupplier nanoTime) {
        this.meters = meters;
        this.nanoTime = nanoTime;
    }

    void add(Registration registration, List<Filter> filters) {
        index.add(registration, filters);
        meters.registrations(1);
    }

    void remove(Registration registration) {
        index.remove(registration);
        meters.registrations(-1);
    }

    /// Sends the event to each link that has a recipient, once, with all of that link's recipients.
    void deliver(Position at, byte[] json) {
        if (index.size() == 0) {
            return;
        }
        long begun = nanoTime.getAsLong();
        found.clear();
        try {
            Event event = EventReader.readTrusted(json);
            index.match(event, this::addRecipient);
        } catch (MalformedMessageException malformed) {
            log.warn("the log's event at {} cannot be read: {}", at, malformed.reason());
            meters.unreadable();
        }
        for (Link link : found) {
            meters.delivered(link.deliver(at, json));
        }
        meters.matched(nanoTime.getAsLong() - begun);
    }

    private void addRecipient(Registration registration) {
        Link link = registration.link();
        if (!link.hasEnded() && link.addRecipient(registration.handle())) {
            found.add(link);
        }
    }
}
