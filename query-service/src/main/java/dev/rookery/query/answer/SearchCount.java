package dev.rookery.query.answer;

import dev.rookery.filter.Filter;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Counted;
import dev.rookery.link.LinkFrame.End;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Page;
import dev.rookery.order.Position;
import dev.rookery.query.answer.Search.Split;
import dev.rookery.query.stored.QueryFailure;
import java.util.OptionalInt;
import reactor.core.publisher.Mono;

/// One COUNT with searches: what a REQ with these filters would bring if it had no limit.
final class SearchCount {

    private final Answering answers;
    private final LinkFrame.Count request;
    private final SearchRun found;
    private long count;
    private Position at = Position.NONE;

    /// @param turns in which the store is asked
    SearchCount(Answering answers, AtOnce turns, LinkFrame.Count request, Split filters) {
        this.answers = answers;
        this.request = request;
        var query = new LinkFrame.Query(request.request(), request.atLeast(), 0, request.filters(), request.viewers());
        this.found = new SearchRun(answers.withLimit(answers.search().candidates()), query, unlimited(filters), turns);
    }

    Mono<Counted> counted() {
        return Mono.defer(() -> found.next(answers.properties().pageSize().toBytes()))
                .repeat()
                .takeUntil(Part::isLast)
                .doOnNext(this::count)
                .then(Mono.fromSupplier(() -> new Counted(request.request(), at, count, new byte[0])));
    }

    /// A search looks no further than its candidates, so a count may be too low where there are as many, however few
    /// of them are shown.
    private void count(Part part) {
        for (LinkFrame.ToGateway frame : part.frames()) {
            switch (frame) {
                case Page page -> count += page.events().size();
                case End end -> at = end.snapshot();
                default -> throw new IllegalStateException("no part of an answer: " + frame);
            }
        }
        if (found.isCut() || count >= answers.search().candidates()) {
            throw new QueryFailure(Failure.TOO_LARGE, "too many events to count what a search finds");
        }
    }

    private static Split unlimited(Split filters) {
        return new Split(
                filters.searches().stream()
                        .map(search -> new Search(unlimited(search.filter()), search.words()))
                        .toList(),
                filters.others().stream().map(SearchCount::unlimited).toList());
    }

    private static Filter unlimited(Filter filter) {
        return filter.withLimit(OptionalInt.empty());
    }
}
