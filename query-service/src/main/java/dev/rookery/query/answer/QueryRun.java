package dev.rookery.query.answer;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.End;
import dev.rookery.link.LinkFrame.Page;
import dev.rookery.query.answer.FilterRun.Reading;
import dev.rookery.query.stored.Calls;
import dev.rookery.query.stored.Rows;
import dev.rookery.query.stored.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// One request for stored events on its way: keys first, then the rows of as many of them as fit into a page.
///
/// All that is sent is in the snapshot of the first question: later ones leave out rows with a higher `seq`. What was
/// removed meanwhile is left out. Each event is compared with its filters once more, in full, for tags are indexed by
/// 64 bits only; a filter's limit counts what is sent.
final class QueryRun implements PagedAnswer {

    private static final int LEAST_ROWS = 16;

    private final Answering answers;
    private final int request;
    private final List<Filter> filters;
    private final Set<Bytes32> viewers;
    private final Asking asking;
    private final Set<Bytes32> sent;
    private final List<FilterRun> runs = new ArrayList<>();
    private final Completion completion;
    private int planned;
    /// About how large events are, so that no more rows are looked up than may fit into a page.
    private long eventSize = 512;

    /// @param sent what this answer has brought already
    QueryRun(Answering answers, Asking asking, LinkFrame.Query query, List<Filter> filters, Set<Bytes32> sent) {
        this.request = query.request();
        this.answers = answers;
        this.asking = asking;
        this.viewers = Set.copyOf(query.viewers());
        this.sent = sent;
        this.completion =
                new Completion(query.completeness(), answers.properties().patience());
        this.filters = answers.wanted(filters, query);
    }

    @Override
    public Mono<Part> next(long bytes) {
        return Mono.defer(() -> step(bytes))
                .repeat()
                .filter(Piece::isWorthTelling)
                .next()
                .map(this::part);
    }

    /// One step on the way; what it gives may be no piece worth telling.
    private Mono<Piece> step(long bytes) {
        if (planned < filters.size()) {
            return plan(filters.get(planned++)).thenReturn(Piece.NONE);
        }
        if (isFinished() && !asking.hasBegun()) {
            return asking.ask(Calls.position()).thenReturn(new Piece(List.of(), !completion.isWanted()));
        }
        if (isFinished() && completion.isWanted() && !completion.hasBegun()) {
            completion.begin(runs);
        }
        return isOver() ? Mono.just(new Piece(List.of(), true)) : completion.bounded(readOn(bytes));
    }

    private Mono<Piece> readOn(long bytes) {
        Reading reading = new Reading(
                asking,
                answers.workers(),
                answers.nowSeconds(),
                answers.properties().pageEvents(),
                2 * bytes / runs.size());
        return Flux.fromIterable(runs).concatMap(run -> readOn(run, reading)).then(Mono.defer(() -> page(bytes)));
    }

    private static Flux<Void> readOn(FilterRun run, Reading reading) {
        return run.lacks() ? Mono.defer(() -> run.read(reading)).repeat(run::lacks) : Flux.empty();
    }

    private Mono<Void> plan(Filter filter) {
        return new Choice(asking, answers.visibility(), viewers)
                .of(filter)
                .doOnNext(plan -> runs.add(new FilterRun(plan, answers.limit(filter))))
                .then();
    }

    private Mono<Piece> page(long bytes) {
        Batch batch = Batch.of(runs, answers.properties().pageEvents());
        if (batch.isEmpty()) {
            return Mono.just(new Piece(List.of(), isOver()));
        }
        int known = batch.known(bytes);
        if (known > 0) {
            batch.putBackFrom(known);
            return Mono.just(batch)
                    .publishOn(answers.workers())
                    .map(read -> piece(read, place -> read.pick(place).row()));
        }
        batch.putBackFrom((int) Math.max(LEAST_ROWS, 2 * bytes / eventSize));
        return asking.ask(Calls.rows(batch.keys(), asking.at().seq(), answers.nowSeconds(), bytes))
                .publishOn(answers.workers())
                .map(rows -> piece(batch, rows));
    }

    private Piece piece(Batch batch, Rows rows) {
        batch.putBackFrom(rows.through());
        Map<Integer, byte[]> found = new HashMap<>();
        rows.rows().forEach(row -> found.put(row.key(), row.json()));
        found.values().forEach(json -> eventSize += (json.length - eventSize) / 16);
        return piece(batch, found::get);
    }

    private Piece piece(Batch batch, IntFunction<byte @Nullable []> rows) {
        List<byte[]> events = new ArrayList<>(batch.size());
        for (int place = 0; place < batch.size(); place++) {
            Event event = StoredEvent.read(rows.apply(place));
            if (event == null || !answers.visibility().shows(event, viewers) || completion.isSent(event)) {
                batch.pick(place).takers().forEach(batch::missed);
            } else if (isWanted(batch, place, event)) {
                if (completion.hasBegun()) {
                    completion.found();
                } else {
                    events.add(event.json());
                }
            }
        }
        return new Piece(events, isOver());
    }

    /// Whether any filter that the key was taken for wants the event. Those that do not may want another instead.
    private boolean isWanted(Batch batch, int place, Event event) {
        boolean wanted = false;
        for (FilterRun run : batch.pick(place).takers()) {
            if (run.matches(event)) {
                wanted = true;
            } else {
                batch.missed(run);
            }
        }
        return wanted && !sent.contains(event.id());
    }

    private boolean isFinished() {
        return planned == filters.size() && runs.stream().allMatch(FilterRun::isFinished);
    }

    /// Whether there is nothing more to send, or to find out.
    private boolean isOver() {
        return completion.isSettled() ? completion.hasBegun() || isFinished() : completion.hasBegun() && isFinished();
    }

    private Part part(Piece piece) {
        List<LinkFrame.ToGateway> frames = new ArrayList<>(2);
        if (!piece.events().isEmpty()) {
            frames.add(new Page(request, asking.at(), piece.events()));
        }
        if (piece.isLast()) {
            frames.add(new End(request, asking.at(), completion.known()));
        }
        return new Part(frames, piece.size(), piece.isLast());
    }
}
