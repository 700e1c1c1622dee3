package dev.rookery.gateway.subscription;

import dev.rookery.filter.Filter;
import dev.rookery.gateway.connection.Outbound;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The subscriptions of one connection; confined to its event loop.
public final class Subscriptions {

    private final Outbound out;
    private final Joining joining;
    private final Map<String, Subscription> open = new HashMap<>();
    private Consumer<String> ends = id -> {};

    Subscriptions(Outbound out, Joining joining) {
        this.out = out;
        this.joining = joining;
        joining.room().whenToLeave(this::endWaiting);
    }

    /// Has the id of each subscription told once it is no longer open, however it ended.
    public void tellEnds(Consumer<String> ends) {
        this.ends = ends;
    }

    /// NIP-01: a REQ with the id of an open subscription replaces it.
    public void open(String id, List<Filter> filters) {
        close(id);
        Subscription subscription = new Subscription(id, filters, out, joining, () -> ended(id));
        open.put(id, subscription);
        subscription.open();
    }

    /// NIP-01: CLOSE is not answered, whether or not the subscription is there.
    public void close(String id) {
        Subscription closed = ended(id);
        if (closed != null) {
            closed.close();
        }
    }

    private @Nullable Subscription ended(String id) {
        Subscription ended = open.remove(id);
        if (ended != null) {
            ends.accept(id);
        }
        return ended;
    }

    /// Those for which anything waits for the client, or may come to.
    private void endWaiting() {
        List.copyOf(open.values()).forEach(Subscription::endWaiting);
    }

    public void closeAll() {
        joining.turns().endAll();
        joining.room().turns().endAll();
        List.copyOf(open.keySet()).forEach(this::close);
    }
}
