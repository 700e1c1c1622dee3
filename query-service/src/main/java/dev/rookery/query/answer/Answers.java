package dev.rookery.query.answer;

import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Counted;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Statuses;
import dev.rookery.order.Position;
import dev.rookery.query.stored.Calls;
import dev.rookery.query.stored.QueryFailure;
import dev.rookery.query.window.Window;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// What query-service can be asked. Thread-safe.
public final class Answers {

    private final Answering answering;
    private final Window window;
    private final AtOnce turns;
    private final Reconciliations reconciliations;

    public Answers(Answering answering, Window window, MeterRegistry meters) {
        this.answering = answering;
        this.window = window;
        this.turns = new AtOnce(answering.count().atOnce());
        this.reconciliations = new Reconciliations(answering, turns, meters);
    }

    /// @throws QueryFailure when the request makes no sense
    public PagedAnswer query(LinkFrame.Query query) {
        Search.Split filters = Search.split(filters(query.filters()));
        if (!filters.searches().isEmpty()) {
            return bounded(new SearchRun(answering, query, filters));
        }
        Supplier<PagedAnswer> stored = () -> {
            Asking asking = new Asking(answering.views(), query.atLeast());
            return bounded(new QueryRun(answering, asking, query, filters.others(), Set.of()));
        };
        // Whether that is all there is, the window does not find out. What it answers, it answers at once.
        return query.completeness()
                ? stored.get()
                : sized(new WindowRun(answering, window, query, filters.others(), stored));
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
        Asking asking = new Asking(answering.order(), upTo);
        return bounded(new RangeRun(asking, range.request(), after.seq(), upTo));
    }

    public Mono<Statuses> status(LinkFrame.Status status) {
        if (status.questions().size() > answering.properties().questions()) {
            return Mono.error(new QueryFailure(Failure.TOO_LARGE, "too many questions in one request"));
        }
        return answering
                .order()
                .settled(status.atLeast(), Calls.status(status.questions()))
                .map(read -> new Statuses(status.request(), read.at(), read.value()));
    }

    /// @throws QueryFailure when the request makes no sense
    public Mono<Counted> count(LinkFrame.Count count) {
        Search.Split filters = Search.split(filters(count.filters()));
        Mono<Counted> counted = filters.searches().isEmpty()
                ? new CountRun(answering, turns, count, filters.others()).counted()
                : new SearchCount(answering, turns, count, filters).counted();
        return counted.timeout(answering.count().within()).onErrorMap(TimeoutException.class, Answers::tooSlow);
    }

    /// @param further the client's messages after the first
    /// @throws QueryFailure when the request makes no sense
    public Flux<LinkFrame.ToGateway> reconcile(LinkFrame.Reconcile first, Flux<byte[]> further) {
        Search.Split filters = Search.split(filters(first.filters()));
        if (!filters.searches().isEmpty() || filters.others().size() != 1) {
            throw new QueryFailure(Failure.INVALID, "what a search finds cannot be synchronised");
        }
        return reconciliations.answer(first, filters.others().getFirst(), further);
    }

    private static QueryFailure tooSlow(Throwable late) {
        return new QueryFailure(Failure.TOO_SLOW, "the query took too long");
    }

    private static List<Filter> filters(byte[] json) {
        try {
            return FilterReader.readAll(json);
        } catch (MalformedMessageException malformed) {
            throw new QueryFailure(Failure.INVALID, malformed.reason());
        }
    }

    private PagedAnswer bounded(PagedAnswer answer) {
        return sized(new Bounded(answer, answering.properties().patience()));
    }

    private PagedAnswer sized(PagedAnswer answer) {
        return new Sized(answer, answering.properties().pageSize().toBytes());
    }

    private record Bounded(PagedAnswer answer, Duration patience) implements PagedAnswer {

        @Override
        public Mono<Part> next(long bytes) {
            return answer.next(bytes).timeout(patience).onErrorMap(TimeoutException.class, Answers::tooSlow);
        }

        @Override
        public boolean waitsForPages() {
            return answer.waitsForPages();
        }

        @Override
        public void close() {
            answer.close();
        }
    }

    private record Sized(PagedAnswer answer, long most) implements PagedAnswer {

        @Override
        public Mono<Part> next(long bytes) {
            return answer.next(Math.min(bytes, most));
        }

        @Override
        public boolean waitsForPages() {
            return answer.waitsForPages();
        }

        @Override
        public void close() {
            answer.close();
        }
    }
}
