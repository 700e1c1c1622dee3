package dev.rookery.gateway.subscription;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who hears live events, by the handle that broadcast-service knows them by. No handle is given again before all
/// others have been, so a frame that was under way when its subscription went, or its link, finds nobody; and none
/// that is in use. Confined to the feed's event loop.
final class Registrations {

    private static final Logger log = LoggerFactory.getLogger(Registrations.class);

    private final Map<Integer, LiveListener> byHandle = new HashMap<>();
    private final Map<LiveListener, Standing> standing = new LinkedHashMap<>();

    /// The one given last; they go round, from 1.
    int lastHandle;

    private long lastPlace;

    /// @param place in the order in which listeners came, whatever handles they have had since
    private record Standing(int handle, long place) {}

    /// Gives the listener a handle of its own, instead of the one it may have had.
    int add(LiveListener listener) {
        Standing before = standing.get(listener);
        remove(listener);
        do {
            lastHandle = lastHandle == Integer.MAX_VALUE ? 1 : lastHandle + 1;
        } while (byHandle.containsKey(lastHandle));
        standing.put(listener, new Standing(lastHandle, before == null ? ++lastPlace : before.place()));
        byHandle.put(lastHandle, listener);
        return lastHandle;
    }

    /// @return the handle that it had
    @Nullable
    Integer remove(LiveListener listener) {
        Standing gone = standing.remove(listener);
        if (gone == null) {
            return null;
        }
        byHandle.remove(gone.handle());
        return gone.handle();
    }

    @Nullable
    LiveListener of(int handle) {
        return byHandle.get(handle);
    }

    boolean has(LiveListener listener) {
        return standing.containsKey(listener);
    }

    /// All of them, the oldest first.
    List<LiveListener> standing() {
        return List.copyOf(standing.keySet());
    }

    /// The place of the last of them that came.
    long newest(int[] handles) {
        return Arrays.stream(handles).mapToLong(this::place).max().orElse(0);
    }

    /// Those of them that came after a place.
    int[] after(long place, int[] handles) {
        return Arrays.stream(handles).filter(handle -> place(handle) > place).toArray();
    }

    private long place(int handle) {
        Standing found = standing.get(byHandle.get(handle));
        return found == null ? 0 : found.place();
    }

    /// Tells the event to those behind the handles, once for each event loop that they live on: the others first, which
    /// then send at the same time as this one.
    void tell(LiveEvent event, int[] recipients) {
        List<LiveListener> here = new ArrayList<>(recipients.length);
        Map<EventExecutor, List<LiveListener>> elsewhere = new HashMap<>(4);
        for (int handle : recipients) {
            LiveListener listener = byHandle.get(handle);
            if (listener != null) {
                EventExecutor executor = listener.executor();
                List<LiveListener> group = executor.inEventLoop()
                        ? here
                        : elsewhere.computeIfAbsent(executor, other -> new ArrayList<>(recipients.length));
                group.add(listener);
            }
        }
        elsewhere.forEach((executor, group) -> executor.execute(() -> tellAll(group, event)));
        tellAll(here, event);
    }

    private static void tellAll(List<LiveListener> listeners, LiveEvent event) {
        for (LiveListener listener : listeners) {
            tell(listener, event);
        }
    }

    /// On the listener's executor. One that throws, as where memory is short, keeps nobody else from hearing it.
    static void tell(LiveListener listener, LiveEvent event) {
        try {
            listener.live(event);
        } catch (RuntimeException | Error ours) {
            log.error("a live event could not be told", ours);
            listener.broken();
        }
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
