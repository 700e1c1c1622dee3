package dev.rookery.broadcast.link;

import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import java.nio.ByteBuffer;
import java.util.List;

/// What a gateway asks for, read and checked before it reaches the owner's thread.
sealed interface LinkRequest {

    record Enrol(int handle, List<Filter> filters, int weight) implements LinkRequest {}

    record Refuse(int handle, String reason) implements LinkRequest {}

    record Withdraw(int handle) implements LinkRequest {}

    record Grant(long bytes) implements LinkRequest {}

    /// What no gateway says to this service.
    record Nonsense(String reason) implements LinkRequest {}

    static LinkRequest read(ByteBuffer frame, LinkProperties bounds) {
        try {
            return of(LinkCodec.decode(frame), bounds);
        } catch (IllegalArgumentException malformed) {
            return new Nonsense(String.valueOf(malformed.getMessage()));
        }
    }

    private static LinkRequest of(LinkFrame frame, LinkProperties bounds) {
        return switch (frame) {
            case LinkFrame.Register(var handle, var filters) -> register(handle, filters, bounds);
            case LinkFrame.Unregister(var handle) -> new Withdraw(handle);
            case LinkFrame.Credit(var request, var bytes)
            when request == LinkFrame.WHOLE_LINK && bytes > 0 -> new Grant(bytes);
            case LinkFrame.Credit _,
                    LinkFrame.Query _,
                    LinkFrame.Range _,
                    LinkFrame.Status _,
                    LinkFrame.Count _,
                    LinkFrame.Reconcile _,
                    LinkFrame.ReconcileOn _,
                    LinkFrame.Cancel _,
                    LinkFrame.ToGateway _ ->
                new Nonsense(frame.getClass().getSimpleName() + " is not for broadcast-service");
        };
    }

    private static LinkRequest register(int handle, byte[] filters, LinkProperties bounds) {
        if (filters.length > bounds.filterSize().toBytes()) {
            return new Refuse(handle, "error: filters of " + filters.length + " bytes are too large");
        }
        try {
            List<Filter> read = FilterReader.readAll(filters);
            return new Enrol(
                    handle, read, read.stream().mapToInt(Filter::weight).sum());
        } catch (MalformedMessageException malformed) {
            return new Refuse(handle, malformed.reason());
        }
    }
}
