package dev.rookery.broadcast.link;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The registrations of one link, by handle, and what their filters weigh together.
final class Subscribed {

    private final Map<Integer, Registration> byHandle = new HashMap<>();
    private long weight;

    boolean has(int handle) {
        return byHandle.containsKey(handle);
    }

    void add(Registration registration) {
        byHandle.put(registration.handle(), registration);
        weight += registration.weight();
    }

    @Nullable
    Registration remove(int handle) {
        Registration removed = byHandle.remove(handle);
        if (removed != null) {
            weight -= removed.weight();
        }
        return removed;
    }

    /// Takes any one out; null when none is left.
    @Nullable
    Registration removeAny() {
        Iterator<Registration> all = byHandle.values().iterator();
        if (!all.hasNext()) {
            return null;
        }
        Registration any = all.next();
        all.remove();
        return any;
    }

    int size() {
        return byHandle.size();
    }

    long weight() {
        return weight;
    }
}
