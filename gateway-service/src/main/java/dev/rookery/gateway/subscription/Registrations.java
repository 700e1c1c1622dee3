package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.order.Position;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who hears live events, by the handle that broadcast-service knows them by. No handle is given twice, so a frame
/// that was under way when its subscription went, or its link, finds nobody. Confined to the feed's event loop.
final class Registrations {

    private final Map<Integer, LiveListener> byHandle = new HashMap<>();
    private final Map<LiveListener, Integer> handles = new LinkedHashMap<>();
    private int lastHandle;

    /// Gives the listener a handle of its own, instead of the one it may have had.
    int add(LiveListener listener) {
        remove(listener);
        int handle = ++lastHandle;
        handles.put(listener, handle);
        byHandle.put(handle, listener);
        return handle;
    }

    /// @return the handle that it had
    @Nullable
    Integer remove(LiveListener listener) {
        Integer handle = handles.remove(listener);
        if (handle != null) {
            byHandle.remove(handle);
        }
        return handle;
    }

    @Nullable
    LiveListener of(int handle) {
        return byHandle.get(handle);
    }

    boolean has(LiveListener listener) {
        return handles.containsKey(listener);
    }

    /// All of them, the oldest first.
    List<LiveListener> standing() {
        return List.copyOf(handles.keySet());
    }

    /// Tells the event to those behind the handles, once for each event loop that they live on.
    void tell(Position position, Event event, int[] recipients) {
        Map<EventExecutor, List<LiveListener>> byExecutor = new HashMap<>(4);
        for (int handle : recipients) {
            LiveListener listener = byHandle.get(handle);
            if (listener != null) {
                byExecutor
                        .computeIfAbsent(listener.executor(), executor -> new ArrayList<>())
                        .add(listener);
            }
        }
        byExecutor.forEach((executor, group) ->
                run(executor, () -> group.forEach(listener -> listener.live(position, event))));
    }

    static void on(LiveListener listener, Runnable call) {
        run(listener.executor(), call);
    }

    private static void run(EventExecutor executor, Runnable call) {
        if (executor.inEventLoop()) {
            call.run();
        } else {
            executor.execute(call);
        }
    }
}
