package dev.rookery.query.window;

import dev.rookery.filter.Filter;
import dev.rookery.order.Effect;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// The newest part of the store at one position of the one order: every event there that is not older than its floor.
/// It answers a whole request or none of it. Thread-safe; a lock is held for as long as one event or one answer takes.
///
/// While it is loaded, pages of the store and records of the feed come as they come. It is whole once the last page is
/// there and the feed has come as far as that page.
public final class Window {

    /// Nothing is older.
    static final long EVERYTHING = Long.MIN_VALUE;

    private final WindowProperties properties;
    private final WindowMeters meters;
    private final LongSupplier nanoTime;
    private final Lock reading;
    private final Lock writing;
    private final Waiting waiting = new Waiting();
    private final Unsent unsent;
    private final Map<Integer, Position> wholeKinds = new HashMap<>();
    private HotEvents events = new HotEvents(Set.of());
    private @Nullable Loading loading;
    private @Nullable Position wholeFrom;
    private long floor = EVERYTHING;
    private volatile Position at = Position.NONE;
    private volatile boolean whole;
    private volatile long trustedUntil;

    /// @param nanoTime `System.nanoTime`
    public Window(WindowProperties properties, MeterRegistry registry, LongSupplier nanoTime) {
        this.properties = properties;
        this.unsent = new Unsent(properties.size().toBytes() / 2);
        this.meters = new WindowMeters(registry, this);
        this.nanoTime = nanoTime;
        this.trustedUntil = nanoTime.getAsLong();
        ReadWriteLock lock = new ReentrantReadWriteLock();
        this.reading = lock.readLock();
        this.writing = lock.writeLock();
    }

    /// @param at     the position that the answer is of
    /// @param events canonical JSON in the order of NIP-01; shared, never to be modified
    public record Answer(Position at, List<byte[]> events) {}

    /// Whether it answers at all: it is whole, and the database was heard of not long ago.
    public boolean isServing() {
        return whole && nanoTime.getAsLong() - trustedUntil < 0;
    }

    public Position at() {
        return at;
    }

    /// Completes when the feed has come so far, or when patience ends.
    public Mono<Void> reached(Position position) {
        return waiting.until(position, this::at).timeout(properties.behind(), Mono.empty());
    }

    /// What matches any of the filters, each up to its limit. Empty where the window cannot tell: it is not at the
    /// position yet, something older may belong to the answer, or too much would have to be looked at.
    public Optional<Answer> answer(Position atLeast, List<HotFilter> filters, Predicate<HotEvent> shown) {
        return read(() -> isServing() && !atLeast.isAfter(at) ? select(filters, shown) : Optional.empty());
    }

    /// What is left to be given of answers.
    public Unsent unsent() {
        return unsent;
    }

    /// An answer has been given.
    public void answered() {
        meters.answered();
    }

    /// The whole of an answer is the database's.
    public void leftToDatabase() {
        meters.leftToDatabase();
    }

    /// The order cannot be followed any further: nothing is answered until it has been loaded anew. What is still
    /// loaded is of the past.
    void end() {
        written(() -> {
            loading = null;
            wholeFrom = null;
            whole = false;
        });
    }

    /// Forgets everything, and is loaded anew from what the store is at a position.
    ///
    /// @return what is loaded with another is of an attempt that was given up, and left out
    Loading begin(Position position) {
        Loading begun = new Loading();
        written(() -> {
            events = new HotEvents(properties.wholeKinds());
            loading = begun;
            wholeKinds.clear();
            wholeFrom = null;
            floor = EVERYTHING;
            whole = false;
            at = position;
        });
        meters.loading();
        return begun;
    }

    /// Events of the store.
    void load(Loading of, List<HotEvent> page) {
        goOn(of, () -> {
            for (HotEvent event : page) {
                if (!of.isGone(event) && (event.createdAt() >= floor || events.keeps(event.kind()))) {
                    events.add(event);
                }
            }
            shrink();
        });
    }

    /// Whether more than the newest events of the store should be loaded: not to the brim, as there is more to come.
    boolean hasRoom() {
        return bytes() < room() - room() / 8;
    }

    /// The newest events are there. What comes after is of the kinds to be kept.
    ///
    /// @param oldest everything of this second and after it is there
    /// @param lastPage the position of the newest page
    void loaded(Loading of, long oldest, Position lastPage) {
        goOn(of, () -> {
            wholeFrom = lastPage;
            raise(oldest);
            shrink();
            whole = !lastPage.isAfter(at);
        });
    }

    /// Whether a kind is still to be kept.
    boolean keeps(int kind) {
        return read(() -> events.keeps(kind));
    }

    /// All events of a kind are there.
    ///
    /// @param lastPage the position of the newest page
    void loadedKind(Loading of, int kind, Position lastPage) {
        goOn(of, () -> wholeKinds.put(kind, lastPage));
    }

    /// There will be no more pages.
    void loadedAll(Loading of) {
        goOn(of, () -> loading = null);
    }

    /// What the one order brings next.
    ///
    /// @param event null when it is gone already
    void apply(Position next, @Nullable HotEvent event, List<Effect> effects) {
        written(() -> {
            effects.forEach(this::undergo);
            if (event != null && (event.createdAt() >= floor || events.keeps(event.kind()))) {
                events.add(event);
                shrink();
            }
            at = next;
            whole = wholeFrom != null && !wholeFrom.isAfter(next);
        });
        waiting.passed(next);
    }

    /// The database was asked for its position at this time, and has answered.
    void trust(long askedAt, long forNanos) {
        trustedUntil = askedAt + forNanos;
    }

    /// The database does not answer, and a request has to be told so.
    void distrust() {
        trustedUntil = nanoTime.getAsLong();
    }

    int size() {
        return read(() -> events.size());
    }

    long bytes() {
        return read(() -> events.bytes());
    }

    private Optional<Answer> select(List<HotFilter> filters, Predicate<HotEvent> shown) {
        Position of = at;
        return new Selection(events, this::floorOf, shown, properties.looks())
                .of(filters)
                .map(found -> new Answer(of, found));
    }

    /// From which second on all is there that the filter can match.
    private long floorOf(Filter filter) {
        List<Integer> kinds = filter.kinds();
        if (kinds == null) {
            return floor;
        }
        long highest = EVERYTHING;
        for (int kind : kinds) {
            highest = Math.max(highest, floorOf(kind));
        }
        return highest;
    }

    private long floorOf(int kind) {
        Position from = events.keeps(kind) ? wholeKinds.get(kind) : null;
        return from == null || from.isAfter(at) ? floor : EVERYTHING;
    }

    private void undergo(Effect effect) {
        events.undergo(effect);
        if (loading != null) {
            loading.gone(effect);
        }
    }

    private void shrink() {
        while (events.keptBytes() > room() / 2) {
            letLargestPass();
        }
        boolean less = true;
        while (less && wholeFrom != null && events.bytes() > room()) {
            HotEvent oldest = events.oldest();
            if (oldest == null) {
                less = letLargestPass();
            } else {
                raise(oldest.createdAt() + 1);
            }
        }
    }

    private boolean letLargestPass() {
        boolean any = events.letLargestPass();
        raise(floor);
        return any;
    }

    private void raise(long to) {
        floor = to;
        HotEvent oldest = events.oldest();
        while (oldest != null && oldest.createdAt() < to) {
            events.remove(oldest);
            oldest = events.oldest();
        }
    }

    private void goOn(Loading of, Runnable change) {
        written(() -> {
            if (of.equals(loading)) {
                change.run();
            }
        });
    }

    private void written(Runnable change) {
        writing.lock();
        try {
            change.run();
        } finally {
            writing.unlock();
        }
    }

    private <T> T read(Supplier<T> question) {
        reading.lock();
        try {
            return question.get();
        } finally {
            reading.unlock();
        }
    }

    private long room() {
        return properties.size().toBytes();
    }
}
