package dev.rookery.broadcast.link;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The registrations of one link, by handle, and what their filters take in all.
final class Subscribed {

    private final Map<Integer, Registration> byHandle = new HashMap<>();
    private long filterBytes;

    boolean has(int handle) {
        return byHandle.containsKey(handle);
    }

    void add(Registration registration) {
        byHandle.put(registration.handle(), registration);
        filterBytes += registration.filterBytes();
    }

    @Nullable
    Registration remove(int handle) {
        Registration removed = byHandle.remove(handle);
        if (removed != null) {
            filterBytes -= removed.filterBytes();
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

    long filterBytes() {
        return filterBytes;
    }
}
