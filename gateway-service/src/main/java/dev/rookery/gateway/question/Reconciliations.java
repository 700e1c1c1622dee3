package dev.rookery.gateway.question;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.gateway.link.Answer;
import dev.rookery.gateway.link.Retry;
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

    private enum Phase {
        /// The store has not answered yet, and may be asked again.
        OPENING,
        CLIENTS_TURN,
        STORES_TURN
    }

    /// One of them, at query-service.
    private final class Open {

        private final String id;
        private final Filter filter;
        private final byte[] first;
        private final Retry retry = new Retry(out.executor(), store.patience());
        private Phase phase = Phase.OPENING;
        private int request;

        private Open(String id, Filter filter, byte[] first) {
            this.id = id;
            this.filter = filter;
            this.first = first;
        }

        private void ask() {
            request = store.reconcile(
                    filter, viewers.get(), first, frame -> out.executor().execute(() -> hear(frame)));
        }

        private void hear(LinkFrame.ToGateway frame) {
            if (!equals(open.get(id))) {
                return;
            }
            switch (frame) {
                case Reconciled(var number, var message) -> {
                    phase = Phase.CLIENTS_TURN;
                    out.text(RelayMessages.negMessage(id, message));
                }
                case Failed(var number, var failure, var reason) -> {
                    boolean passes = phase == Phase.OPENING && failure == Failure.NO_LINK;
                    if (!passes || !retry.later(this::ask)) {
                        fail(id, prefix(failure).with(reason));
                    }
                }
                default -> fail(id, Answer.reason(frame));
            }
        }

        private void goOn(byte[] message) {
            if (phase == Phase.CLIENTS_TURN) {
                phase = Phase.STORES_TURN;
                store.query().reconcileOn(request, message);
            } else {
                fail(id, Prefix.INVALID.with("one message at a time"));
            }
        }

        private void cancel() {
            retry.cancel();
            store.query().cancel(request);
        }
    }

    /// How many are open.
    public int open() {
        return open.size();
    }

    /// NIP-77: "If a `NEG-OPEN` is issued for a currently open subscription ID, the existing subscription is first
    /// closed."
    public void open(String id, Filter filter, byte[] message) {
        close(id);
        Open opened = new Open(id, filter, message);
        open.put(id, opened);
        opened.ask();
    }

    /// The client's next message; one that comes before the last was answered ends it.
    public void goOn(String id, byte[] message) {
        Open known = open.get(id);
        if (known == null) {
            fail(id, Prefix.CLOSED.with("nothing of this id is open"));
        } else {
            known.goOn(message);
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
        Open closed = open.remove(id);
        if (closed != null) {
            closed.cancel();
        }
    }

    public void closeAll() {
        open.values().forEach(Open::cancel);
        open.clear();
    }
}
