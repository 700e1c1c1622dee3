package dev.rookery.query.answer;

import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.End;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.RangePage;
import dev.rookery.order.Position;
import dev.rookery.query.stored.Calls;
import dev.rookery.query.stored.QueryFailure;
import dev.rookery.query.stored.RangeRows;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/// One request for what is stored in a range of the order, by rising `seq`. Events whose header says so are left out.
final class RangeRun implements PagedAnswer {

    private static final int ROWS = 1_000;

    private final Asking asking;
    private final int request;
    private final Position upTo;
    private long after;

    /// @param asking which has to begin at `upTo` or later
    RangeRun(Asking asking, int request, long after, Position upTo) {
        this.asking = asking;
        this.request = request;
        this.after = after;
        this.upTo = upTo;
    }

    @Override
    public Mono<Part> next(long bytes) {
        return Mono.defer(() ->
                        asking.ask(Calls.range(after, upTo.seq(), ROWS, bytes)).map(this::part))
                .repeat()
                .filter(part -> !part.frames().isEmpty())
                .next();
    }

    /// All live subscriptions of a gateway wait for it.
    @Override
    public boolean waitsForPages() {
        return false;
    }

    private Part part(RangeRows rows) {
        if (asking.at().epoch() != upTo.epoch()) {
            throw new QueryFailure(Failure.INVALID, "the epoch of the range is over");
        }
        // Nothing is left when nothing was found beyond: rows that are gone leave no numbers.
        boolean isLast = rows.through() == after || rows.through() >= upTo.seq();
        after = rows.through();
        List<LinkFrame.ToGateway> frames = new ArrayList<>(2);
        if (!rows.events().isEmpty()) {
            frames.add(new RangePage(request, rows.events()));
        }
        if (isLast) {
            frames.add(new End(request, asking.at()));
        }
        long bytes = rows.events().stream().mapToLong(one -> one.event().length).sum();
        return new Part(frames, bytes, isLast);
    }
}
