package dev.rookery.query.window;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.order.Position;
import dev.rookery.query.plan.Key;
import dev.rookery.query.plan.Scan;
import dev.rookery.query.plan.Scan.Start;
import dev.rookery.query.plan.Sources.ByTime;
import dev.rookery.query.stored.Calls;
import dev.rookery.query.stored.FoundRow;
import dev.rookery.query.stored.Read;
import dev.rookery.query.stored.Views;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Fills the window from the primary database, newest first, until it is full or nothing is left, by the statement
/// that answers requests too: what is not to be shown any more does not come.
///
/// @param workers where events are parsed
public record WindowLoader(Window window, Views views, Clock clock, Scheduler workers) {

    private static final Logger log = LoggerFactory.getLogger(WindowLoader.class);

    private static final int PAGE_ROWS = 500;
    private static final long PAGE_BYTES = 2 << 20;

    /// @param from what has been begun with; later events come by the log
    Mono<Void> load(Position from) {
        return Mono.defer(() -> {
            Pages pages = new Pages(from);
            return Mono.defer(pages::next).repeat(pages::isUnfinished).then();
        });
    }

    private final class Pages {

        private final Position from;
        private @Nullable Key next = Key.startOf(Event.LATEST);

        Pages(Position from) {
            this.from = from;
        }

        boolean isUnfinished() {
            return next != null;
        }

        Mono<Void> next() {
            Key start = next;
            if (start == null) {
                return Mono.empty();
            }
            var scan = new Scan(new ByTime(), List.of(new Start(0, start)), 0, PAGE_ROWS);
            long now = clock.instant().getEpochSecond();
            return views.newest(Calls.scanRows(scan, from.seq(), now, PAGE_BYTES))
                    .publishOn(workers)
                    .doOnNext(this::take)
                    .then();
        }

        private void take(Read<List<FoundRow>> page) {
            if (page.at().epoch() != from.epoch() || from.isAfter(page.at())) {
                throw new IllegalStateException("the database went from " + from + " to " + page.at());
            }
            List<HotEvent> events = new ArrayList<>();
            Key last = null;
            boolean cut = page.value().size() >= PAGE_ROWS;
            for (FoundRow row : page.value()) {
                if (row.json() == null) {
                    cut = true;
                    break;
                }
                last = row.found().key();
                add(row.json(), events);
            }
            boolean hasRoom = window.load(events);
            next = cut && hasRoom && last != null ? last.next() : null;
            if (next == null) {
                // Of the second that the page ends in there may be more.
                long oldest = cut && last != null ? last.createdAt() + 1 : Window.EVERYTHING;
                window.loaded(oldest, page.at());
                log.info("the window holds {} events, {} bytes, {}", window.size(), window.bytes(),
                        oldest == Window.EVERYTHING ? "all there are" : "from " + oldest + " on");
            }
        }

        private static void add(byte[] json, List<HotEvent> events) {
            try {
                if (json.length > 0) {
                    events.add(new HotEvent(EventReader.read(json)));
                }
            } catch (MalformedMessageException malformed) {
                log.error("a stored event is not well formed: {}", malformed.reason());
            }
        }
    }
}
