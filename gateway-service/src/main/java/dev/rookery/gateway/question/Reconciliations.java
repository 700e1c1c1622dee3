package dev.rookery.gateway.question;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.gateway.link.Answer;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failed;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Reconciled;
import dev.rookery.message.Prefix;
import dev.rookery.message.RelayMessages;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// NIP-77: the reconciliations of one connection, by ids that have nothing to do with those of subscriptions. Confined
/// to the connection's event loop.
public final class Reconciliations {

    private final Store store;
    private final Outbound out;
    private final Supplier<Set<Bytes32>> viewers;
    private final Map<String, Open> open = new HashMap<>();

    /// @param viewers the keys that the connection has proven
    public Reconciliations(Store store, Outbound out, Supplier<Set<Bytes32>> viewers) {
        this.store = store;
        this.out = out;
        this.viewers = viewers;
    }

    /// One of them, at query-service.
    private static final class Open {

        private int request;
        private boolean isAnswered;
    }

    /// How many are open.
    public int open() {
        return open.size();
    }

    /// NIP-77: "If a `NEG-OPEN` is issued for a currently open subscription ID, the existing subscription is first
    /// closed."
    public void open(String id, Filter filter, byte[] message) {
        close(id);
        Open opened = new Open();
        open.put(id, opened);
        opened.request = store.reconcile(
                filter, viewers.get(), message, frame -> out.executor().execute(() -> hear(id, opened, frame)));
    }

    /// The client's next message; one that comes before the last was answered ends it.
    public void goOn(String id, byte[] message) {
        Open known = open.get(id);
        if (known == null) {
            fail(id, Prefix.CLOSED.with("nothing of this id is open"));
        } else if (known.isAnswered) {
            known.isAnswered = false;
            store.query().reconcileOn(known.request, message);
        } else {
            fail(id, Prefix.INVALID.with("one message at a time"));
        }
    }

    private void hear(String id, Open from, LinkFrame.ToGateway frame) {
        if (from != open.get(id)) {
            return;
        }
        switch (frame) {
            case Reconciled(var request, var message) -> {
                from.isAnswered = true;
                out.text(RelayMessages.negMessage(id, message));
            }
            case Failed(var request, var failure, var reason) ->
                fail(id, prefix(failure).with(reason));
            default -> fail(id, Answer.reason(frame));
        }
    }

    private static Prefix prefix(Failure failure) {
        return switch (failure) {
            case TOO_LARGE -> Prefix.BLOCKED;
            case ABANDONED -> Prefix.CLOSED;
            case INVALID -> Prefix.INVALID;
            case BEHIND, UNAVAILABLE, OVERLOADED, NO_LINK, TOO_SLOW -> Prefix.ERROR;
        };
    }

    /// NIP-77: "After a `NEG-ERR` is issued, the subscription is considered to be closed."
    public void fail(String id, String reason) {
        close(id);
        out.text(RelayMessages.negError(id, reason));
    }

    public void close(String id) {
        cancel(open.remove(id));
    }

    public void closeAll() {
        open.values().forEach(this::cancel);
        open.clear();
    }

    private void cancel(@Nullable Open known) {
        if (known != null) {
            store.query().cancel(known.request);
        }
    }
}
