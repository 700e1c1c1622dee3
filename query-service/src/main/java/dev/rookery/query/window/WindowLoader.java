package dev.rookery.query.window;

import dev.rookery.event.Event;
import dev.rookery.order.Position;
import dev.rookery.query.plan.Key;
import dev.rookery.query.plan.Scan;
import dev.rookery.query.plan.Scan.Start;
import dev.rookery.query.plan.Sources;
import dev.rookery.query.plan.Sources.ByKind;
import dev.rookery.query.plan.Sources.ByTime;
import dev.rookery.query.stored.Calls;
import dev.rookery.query.stored.FoundRow;
import dev.rookery.query.stored.Read;
import dev.rookery.query.stored.StoredEvent;
import dev.rookery.query.stored.StoredView;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Fills the window from the primary database, newest first, until it is full or nothing is left, by the statement
/// that answers requests too: what is not to be shown any more does not come. Then what is older of the kinds to be
/// kept, one after the other.
///
/// @param primary which is asked for the window alone, whatever requests ask
/// @param workers where events are parsed
public record WindowLoader(Window window, StoredView primary, Clock clock, Scheduler workers) {

    private static final Logger log = LoggerFactory.getLogger(WindowLoader.class);

    private static final int PAGE_ROWS = 500;
    private static final long PAGE_BYTES = 2 << 20;

    /// @param loading what the window has begun
    /// @param from where; later events come by the log
    /// @param kinds to be kept
    Mono<Void> load(Loading loading, Position from, List<Integer> kinds) {
        return new Pages(loading, from, new ByTime(), window::hasRoom)
                .all()
                .flatMapMany(newest -> {
                    window.loaded(loading, newest.oldest(), newest.at());
                    return Flux.fromIterable(kinds).concatMap(kind -> load(loading, from, kind));
                })
                .then(Mono.fromRunnable(() -> loadedAll(loading)));
    }

    private Mono<Loaded> load(Loading loading, Position from, int kind) {
        return new Pages(loading, from, new ByKind(List.of(kind)), () -> window.keeps(kind))
                .all()
                .filter(loaded -> loaded.oldest() == Window.EVERYTHING)
                .doOnNext(loaded -> window.loadedKind(loading, kind, loaded.at()));
    }

    private void loadedAll(Loading loading) {
        window.loadedAll(loading);
        log.info("the hot window holds {} events, about {} bytes", window.size(), window.bytes());
    }

    /// @param oldest all of this second and after it has been loaded
    /// @param at the position of the newest page
    private record Loaded(long oldest, Position at) {}

    /// What is stored of one source, page by page, as long as there is room.
    private final class Pages {

        private final Loading loading;
        private final Position from;
        private final Sources source;
        private final BooleanSupplier hasRoom;
        private @Nullable Key next = Key.startOf(Event.LATEST);
        private Loaded loaded;

        Pages(Loading loading, Position from, Sources source, BooleanSupplier hasRoom) {
            this.loading = loading;
            this.from = from;
            this.source = source;
            this.hasRoom = hasRoom;
            this.loaded = new Loaded(Window.EVERYTHING, from);
        }

        Mono<Loaded> all() {
            return Mono.defer(this::page).repeat(() -> next != null).then(Mono.fromSupplier(() -> loaded));
        }

        private Mono<Void> page() {
            Key start = next;
            if (start == null) {
                return Mono.empty();
            }
            var scan = new Scan(source, List.of(new Start(0, start)), 0, PAGE_ROWS);
            long now = clock.instant().getEpochSecond();
            return primary.ask(Calls.scanRows(scan, from.seq(), now, PAGE_BYTES))
                    .publishOn(workers)
                    .doOnNext(this::take)
                    .then();
        }

        private void take(Read<List<FoundRow>> page) {
            if (page.at().epoch() != from.epoch() || from.isAfter(page.at())) {
                throw new IllegalStateException("the database went from " + from + " to " + page.at());
            }
            List<FoundRow> rows =
                    page.value().stream().takeWhile(row -> row.json() != null).toList();
            boolean isLast = rows.size() == page.value().size() && rows.size() < PAGE_ROWS;
            window.load(loading, events(rows));
            if (isLast || rows.isEmpty()) {
                next = null;
                loaded = new Loaded(Window.EVERYTHING, page.at());
            } else {
                Key last = rows.getLast().found().key();
                next = hasRoom.getAsBoolean() ? last.next() : null;
                // Of the second that the page ends in there may be more.
                loaded = new Loaded(last.createdAt() + 1, page.at());
            }
        }
    }

    private static List<HotEvent> events(List<FoundRow> rows) {
        List<HotEvent> events = new ArrayList<>(rows.size());
        for (FoundRow row : rows) {
            Event event = StoredEvent.read(row.json());
            if (event != null) {
                events.add(new HotEvent(event));
            }
        }
        return events;
    }
}
