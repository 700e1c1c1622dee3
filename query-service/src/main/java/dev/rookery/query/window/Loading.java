package dev.rookery.query.window;

import dev.rookery.event.Bytes32;
import dev.rookery.order.Effect;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What has gone while the window was loaded. A page of the store may have been read before and come after.
final class Loading {

    private final Set<Bytes32> removed = new HashSet<>();
    private final List<Effect.Vanished> vanished = new ArrayList<>();

    void gone(Effect effect) {
        switch (effect) {
            case Effect.Removed(var id, long _) -> removed.add(id);
            case Effect.Vanished vanish -> vanished.add(vanish);
        }
    }

    boolean isGone(HotEvent event) {
        return removed.contains(event.id()) || vanished.stream().anyMatch(event::isTouchedBy);
    }
}
