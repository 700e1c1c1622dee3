package dev.rookery.query.answer;

import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Statuses;
import dev.rookery.order.Position;
import dev.rookery.query.stored.Calls;
import dev.rookery.query.stored.QueryFailure;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/// What query-service can be asked. Thread-safe.
public final class Answers {

    private final Answering answering;

    public Answers(Answering answering) {
        this.answering = answering;
    }

    /// @throws QueryFailure when the request makes no sense
    public PagedAnswer query(LinkFrame.Query query) {
        Search.Split filters = Search.split(filters(query.filters()));
        if (!filters.searches().isEmpty()) {
            return bounded(new SearchRun(answering, query, filters));
        }
        Asking asking = new Asking(answering.views(), query.atLeast());
        return bounded(new QueryRun(answering, asking, query, filters.others(), Set.of()));
    }

    /// @throws QueryFailure when the request makes no sense, or asks for too much
    public PagedAnswer range(LinkFrame.Range range) {
        Position after = range.after();
        Position upTo = range.upTo();
        if (after.epoch() != upTo.epoch()) {
            throw new QueryFailure(Failure.INVALID, "a range lies in one epoch");
        }
        if (upTo.seq() - after.seq() > answering.properties().rangeEvents()) {
            throw new QueryFailure(Failure.TOO_LARGE, "the range is too long");
        }
        Asking asking = new Asking(answering.views(), upTo);
        return bounded(new RangeRun(asking, range.request(), after.seq(), upTo));
    }

    public Mono<Statuses> status(LinkFrame.Status status) {
        if (status.questions().size() > answering.properties().questions()) {
            return Mono.error(new QueryFailure(Failure.TOO_LARGE, "too many questions in one request"));
        }
        return answering
                .views()
                .settled(status.atLeast(), Calls.status(status.questions()))
                .map(read -> new Statuses(status.request(), read.at(), read.value()));
    }

    private static List<Filter> filters(byte[] json) {
        try {
            return FilterReader.readAll(json);
        } catch (MalformedMessageException malformed) {
            throw new QueryFailure(Failure.INVALID, malformed.reason());
        }
    }

    private PagedAnswer bounded(PagedAnswer answer) {
        var patience = answering.properties().patience();
        return bytes -> answer.next(
                        Math.min(bytes, answering.properties().pageSize().toBytes()))
                .timeout(patience)
                .onErrorMap(
                        TimeoutException.class, late -> new QueryFailure(Failure.TOO_SLOW, "the query took too long"));
    }
}
