package dev.rookery.query.window;

import dev.rookery.event.Bytes32;
import dev.rookery.event.TagHash;
import dev.rookery.filter.Visibility;
import java.util.Set;
import java.util.function.Predicate;

/// Who looks, and when: what of the window is shown to them.
public final class Viewing implements Predicate<HotEvent> {

    private final Visibility visibility;
    private final Set<Bytes32> viewers;
    private final long now;
    /// The hashes of the tags that name them, sorted.
    private final long[] naming;

    /// @param now Unix seconds
    public Viewing(Visibility visibility, Set<Bytes32> viewers, long now) {
        this.visibility = visibility;
        this.viewers = Set.copyOf(viewers);
        this.now = now;
        this.naming = viewers.stream()
                .mapToLong(viewer -> TagHash.of('p', viewer.toString()))
                .sorted()
                .toArray();
    }

    /// A private event is read only where it may be theirs: that takes long, and a request may meet thousands.
    @Override
    public boolean test(HotEvent event) {
        return !event.isExpired(now)
                && (!visibility.privateKinds().contains(event.kind())
                        || (mayBeTheirs(event) && visibility.shows(event.event(), viewers)));
    }

    private boolean mayBeTheirs(HotEvent event) {
        return viewers.contains(event.pubkey()) || event.hasAny(naming);
    }
}
