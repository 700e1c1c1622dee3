package dev.rookery.query.answer;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.End;
import dev.rookery.link.LinkFrame.Page;
import dev.rookery.query.stored.Hit;
import dev.rookery.query.stored.Rows;
import dev.rookery.query.stored.Rows.Row;
import dev.rookery.query.stored.SearchCalls;
import dev.rookery.query.stored.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// One request with searches on its way: what they find, best first, and then what its other filters find beside that,
/// newest first, all in one snapshot.
final class SearchRun implements PagedAnswer {

    private final Answering answers;
    private final @Nullable AtOnce turns;
    private final LinkFrame.Query query;
    private final Set<Bytes32> viewers;
    private final List<Search> searches;
    private final List<Filter> others;
    private final Set<Bytes32> sent = new HashSet<>();
    private @Nullable Beginning beginning;
    private @Nullable Hits hits;
    private @Nullable QueryRun rest;
    private boolean isCut;

    SearchRun(Answering answers, LinkFrame.Query query, Search.Split filters) {
        this(answers, query, filters, null);
    }

    /// @param turns one for each question, or null where nobody waits
    SearchRun(Answering answers, LinkFrame.Query query, Search.Split filters, @Nullable AtOnce turns) {
        this.answers = answers;
        this.turns = turns;
        // What is found by words is not counted to its end.
        this.query =
                new LinkFrame.Query(query.request(), query.atLeast(), query.credit(), query.filters(), query.viewers());
        this.viewers = Set.copyOf(query.viewers());
        this.others = filters.others();
        this.searches = filters.searches().stream()
                .map(search -> new Search(answers.visibility().narrowed(search.filter(), viewers), search.words()))
                .filter(search -> !search.filter().canMatchNothing() && answers.limit(search.filter()) > 0)
                .toList();
    }

    @Override
    public Mono<Part> next(long bytes) {
        QueryRun run = rest;
        if (run != null) {
            return run.next(bytes);
        }
        return Mono.defer(() -> step(bytes))
                .repeat()
                .filter(part -> !part.frames().isEmpty() || rest != null)
                .next()
                .flatMap(part -> part.frames().isEmpty() ? next(bytes) : Mono.just(part));
    }

    /// One step on the way; what it gives may be nothing yet.
    private Mono<Part> step(long bytes) {
        Beginning begun = beginning;
        Hits found = hits;
        if (begun == null) {
            return Beginning.of(answers, query.atLeast(), turns)
                    .doOnNext(first -> beginning = first)
                    .thenReturn(part(List.of(), false));
        }
        if (found == null) {
            return search(begun).thenReturn(part(List.of(), false));
        }
        List<Hit> next = found.next(answers.properties().pageEvents());
        if (next.isEmpty()) {
            return Mono.fromSupplier(() -> end(begun));
        }
        Asking asking = begun.asking();
        return asking.ask(SearchCalls.rows(next, asking.at().seq(), answers.nowSeconds(), bytes))
                .publishOn(answers.workers())
                .map(rows -> page(begun, found, rows));
    }

    private Mono<Void> search(Beginning begun) {
        return Flux.fromIterable(searches)
                .concatMap(search -> begun.search(search, answers.search().candidates()))
                .collectList()
                .doOnNext(this::found)
                .then();
    }

    private void found(List<List<Hit>> found) {
        isCut = found.stream().anyMatch(one -> one.size() >= answers.search().candidates());
        List<Integer> limits =
                searches.stream().map(search -> answers.limit(search.filter())).toList();
        hits = new Hits(searches, limits, found);
    }

    /// Whether a search has found as many as it looks at, and there may be more.
    boolean isCut() {
        return isCut;
    }

    /// As everywhere, what is gone is left out and uses up no limit, nor does what this viewer may not see.
    private Part page(Beginning begun, Hits found, Rows rows) {
        Map<Integer, byte[]> byKey = new HashMap<>();
        for (Row row : rows.rows()) {
            byKey.put(row.key(), row.json());
        }
        List<byte[]> events = new ArrayList<>();
        for (int key = 0; key < rows.through(); key++) {
            Event event = StoredEvent.read(byKey.get(key));
            boolean visible = event != null && answers.visibility().shows(event, viewers);
            if (found.take(visible ? event : null) && event != null) {
                sent.add(event.id());
                events.add(event.json());
            }
        }
        return found.isEmpty() && others.isEmpty() ? last(begun, events) : page(begun, events);
    }

    private Part end(Beginning begun) {
        if (others.isEmpty()) {
            return last(begun, List.of());
        }
        rest = new QueryRun(answers, begun.asking(), query, others, sent);
        return part(List.of(), false);
    }

    private Part page(Beginning begun, List<byte[]> events) {
        return events.isEmpty() ? part(List.of(), false) : part(List.of(pageOf(begun, events)), false);
    }

    private Part last(Beginning begun, List<byte[]> events) {
        End end = new End(query.request(), begun.asking().at());
        return part(events.isEmpty() ? List.of(end) : List.of(pageOf(begun, events), end), true);
    }

    private Page pageOf(Beginning begun, List<byte[]> events) {
        return new Page(query.request(), begun.asking().at(), events);
    }

    private static Part part(List<LinkFrame.ToGateway> frames, boolean isLast) {
        long bytes = 0;
        for (LinkFrame.ToGateway frame : frames) {
            bytes += frame instanceof Page page
                    ? page.events().stream().mapToLong(event -> event.length).sum()
                    : 0;
        }
        return new Part(frames, bytes, isLast);
    }
}
