package dev.rookery.gateway.question;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.gateway.link.Answer;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Counted;
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
    private final Set<Integer> open = new HashSet<>();

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
        int[] request = new int[1];
        request[0] = store.count(
                filters, viewers.get(), frame -> out.executor().execute(() -> hear(request[0], query, frame)));
        open.add(request[0]);
    }

    private void hear(int request, String query, LinkFrame.ToGateway frame) {
        if (open.remove(request)) {
            out.text(
                    switch (frame) {
                        case Counted(var number, var at, var count, var registers) ->
                            RelayMessages.count(query, count, registers);
                        default -> RelayMessages.closed(query, Answer.reason(frame));
                    });
        }
    }

    /// Nothing more is told of any.
    public void closeAll() {
        open.forEach(store.query()::cancel);
        open.clear();
    }
}
