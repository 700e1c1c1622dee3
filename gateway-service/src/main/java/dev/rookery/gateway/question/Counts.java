package dev.rookery.gateway.question;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.gateway.link.Answer;
import dev.rookery.gateway.link.Retry;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Counted;
import dev.rookery.link.LinkFrame.Failed;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.message.RelayMessages;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// NIP-45: the COUNTs of one connection that are under way. Their ids have nothing to do with those of subscriptions,
/// and one may be used for several. Confined to the connection's event loop.
public final class Counts {

    private final Store store;
    private final Outbound out;
    private final Supplier<Set<Bytes32>> viewers;
    private final Set<Open> open = new HashSet<>();

    /// @param viewers the keys that the connection has proven
    public Counts(Store store, Outbound out, Supplier<Set<Bytes32>> viewers) {
        this.store = store;
        this.out = out;
        this.viewers = viewers;
    }

    /// How many are under way.
    public int open() {
        return open.size();
    }

    public void count(String query, List<Filter> filters) {
        Open asked = new Open(query, filters);
        open.add(asked);
        asked.ask();
    }

    /// One of them, at query-service.
    private final class Open {

        private final String query;
        private final List<Filter> filters;
        private final Retry retry = new Retry(out.executor(), store.patience());
        private int request;

        private Open(String query, List<Filter> filters) {
            this.query = query;
            this.filters = filters;
        }

        private void ask() {
            request =
                    store.count(filters, viewers.get(), frame -> out.executor().execute(() -> hear(frame)));
        }

        private void hear(LinkFrame.ToGateway frame) {
            if (!open.contains(this)) {
                return;
            }
            switch (frame) {
                case Counted(var number, var at, var count, var registers) ->
                    answer(RelayMessages.count(query, count, registers));
                case Failed(var number, var failure, var reason)
                when failure == Failure.NO_LINK && retry.later(this::ask) -> {}
                default -> answer(RelayMessages.closed(query, Answer.reason(frame)));
            }
        }

        private void answer(byte[] message) {
            open.remove(this);
            out.text(message);
        }

        private void cancel() {
            retry.cancel();
            store.query().cancel(request);
        }
    }

    /// Nothing more is told of any.
    public void closeAll() {
        open.forEach(Open::cancel);
        open.clear();
    }
}
