package dev.rookery.query.answer;

import dev.rookery.filter.Filter;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.End;
import dev.rookery.link.LinkFrame.Page;
import dev.rookery.query.window.HotFilter;
import dev.rookery.query.window.Unsent;
import dev.rookery.query.window.Viewing;
import dev.rookery.query.window.Window;
import dev.rookery.query.window.Window.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// One request for stored events on its way, answered from the window, or else all of it by the database: also where
/// too much is left to be given of other answers.
final class WindowRun implements PagedAnswer {

    private final Answering answers;
    private final Window window;
    private final LinkFrame.Query query;
    private final List<Filter> filters;
    private final Supplier<PagedAnswer> database;
    private final Unsent.Share unsent;
    private @Nullable Answer answer;
    private @Nullable PagedAnswer other;
    private int told;

    WindowRun(
            Answering answers,
            Window window,
            LinkFrame.Query query,
            List<Filter> filters,
            Supplier<PagedAnswer> database) {
        this.answers = answers;
        this.window = window;
        this.query = query;
        this.database = database;
        this.filters = answers.wanted(filters, query);
        this.unsent = window.unsent().new Share();
    }

    @Override
    public Mono<Part> next(long bytes) {
        if (other != null) {
            return other.next(bytes);
        }
        Answer known = answer;
        return known == null ? first(bytes) : Mono.just(further(known, bytes));
    }

    @Override
    public void close() {
        unsent.close();
    }

    /// What turns out not to be in memory has its first part fetched with the little that it has taken.
    @Override
    public boolean waitsForPages() {
        return other == null ? answer == null && !window.isServing() : other.waitsForPages();
    }

    private Mono<Part> first(long bytes) {
        if (!window.isServing()) {
            return byDatabase(bytes);
        }
        if (!query.atLeast().isAfter(window.at())) {
            return chosen(bytes);
        }
        return window.reached(query.atLeast()).publishOn(answers.workers()).then(Mono.defer(() -> chosen(bytes)));
    }

    private Mono<Part> chosen(long bytes) {
        Viewing viewing = new Viewing(answers.visibility(), Set.copyOf(query.viewers()), answers.nowSeconds());
        List<HotFilter> hot = filters.stream()
                .map(filter -> HotFilter.of(filter, answers.limit(filter)))
                .toList();
        Optional<Answer> found = window.answer(query.atLeast(), hot, viewing);
        if (found.isEmpty()) {
            return byDatabase(bytes);
        }
        Part first = part(found.get(), bytes);
        if (!first.isLast() && !unsent.take(left(found.get()))) {
            told = 0;
            return byDatabase(bytes);
        }
        answer = found.get();
        window.answered();
        return Mono.just(first);
    }

    private long left(Answer known) {
        return known.events().stream()
                .skip(told)
                .mapToLong(event -> event.length)
                .sum();
    }

    private Part further(Answer known, long bytes) {
        Part next = part(known, bytes);
        unsent.giveBack(next.bytes());
        return next;
    }

    private Mono<Part> byDatabase(long bytes) {
        PagedAnswer asked = database.get();
        other = asked;
        window.leftToDatabase();
        return asked.next(bytes);
    }

    private Part part(Answer known, long bytes) {
        List<byte[]> page = new ArrayList<>();
        long size = 0;
        while (told < known.events().size()) {
            byte[] event = known.events().get(told);
            if (!page.isEmpty() && size + event.length > bytes) {
                break;
            }
            page.add(event);
            size += event.length;
            told++;
        }
        boolean isLast = told == known.events().size();
        List<LinkFrame.ToGateway> frames = new ArrayList<>(2);
        if (!page.isEmpty()) {
            frames.add(new Page(query.request(), known.at(), page));
        }
        if (isLast) {
            frames.add(new End(query.request(), known.at()));
        }
        return new Part(frames, size, isLast);
    }
}
