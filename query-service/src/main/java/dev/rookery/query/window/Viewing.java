package dev.rookery.query.window;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Visibility;
import java.util.Set;
import java.util.function.Predicate;

/// Who looks, and when: what of the window is shown to them.
///
/// @param now Unix seconds
public record Viewing(Visibility visibility, Set<Bytes32> viewers, long now) implements Predicate<HotEvent> {

    public Viewing {
        viewers = Set.copyOf(viewers);
    }

    @Override
    public boolean test(HotEvent event) {
        return !event.isExpired(now)
                && (!visibility.privateKinds().contains(event.kind()) || visibility.shows(event.event(), viewers));
    }
}
