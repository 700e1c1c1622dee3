package dev.rookery.query.window;

import dev.rookery.event.Event;
import dev.rookery.order.CommittedPolls;
import dev.rookery.order.Effect;
import dev.rookery.order.OrderedFeed;
import dev.rookery.order.OrderedFeed.Bounds;
import dev.rookery.order.OrderedFeed.Outcome;
import dev.rookery.order.Position;
import dev.rookery.query.stored.Calls;
import dev.rookery.query.stored.Read;
import dev.rookery.query.stored.StoredEvent;
import dev.rookery.query.stored.StoredView;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.BroadcastTail;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/// Keeps the window at the end of the one order: loads it from the primary database, then applies what the log brings.
///
/// It decides nothing again: what an event did to others comes with it. Where the order cannot be followed (a gap that
/// does not close, a new epoch, a database that went back) the window is loaded anew, and the database answers
/// meanwhile. Thread-safe.
public final class WindowFeed implements BroadcastTail.Reader, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WindowFeed.class);

    private static final Duration RETRY = Duration.ofSeconds(1);

    /// What is held back behind a gap: so many records at most, and so much of the window's size. Beyond that it is
    /// loaded anew.
    private static final int MOST_HELD = 20_000;

    private static final int HELD_PART = 4;

    /// While records arrive, each so many polls ask the database.
    private static final int POLLS_WHILE_BUSY = 4;

    /// So many polls may stay without an answer.
    private static final int POLLS_MISSED = 4;

    private final Window window;
    private final StoredView primary;
    private final WindowLoader loader;
    private final WindowProperties properties;
    private final LongSupplier nanoTime;
    private final Disposable.Swap loads = Disposables.swap();
    private final Disposable.Swap polling = Disposables.swap();
    private final CommittedPolls polls = new CommittedPolls(POLLS_WHILE_BUSY);
    private OrderedFeed<Item> feed;

    private record Item(@Nullable HotEvent event, List<Effect> effects) {

        long size() {
            return event == null ? 0 : event.bytes();
        }
    }

    /// @param nanoTime `System.nanoTime`
    public WindowFeed(WindowLoader loader, WindowProperties properties, LongSupplier nanoTime) {
        this.window = loader.window();
        this.loader = loader;
        this.primary = loader.primary();
        this.properties = properties;
        this.nanoTime = nanoTime;
        this.feed = newFeed();
    }

    /// The ends of the log have been noted: what is read from the database now, the log goes on from.
    @Override
    public synchronized void noted() {
        startAfresh("beginning");
        polling.update(Mono.delay(properties.committedPoll())
                .flatMap(tick -> poll())
                .repeat()
                .subscribe());
    }

    @Override
    public void received(List<BroadcastRecord> records) {
        for (BroadcastRecord record : records) {
            if (!record.isEphemeral()) {
                offer(record);
            }
        }
    }

    private synchronized void offer(BroadcastRecord record) {
        try {
            if (feed.offer(record.position(), item(record), nanoTime.getAsLong()) == Outcome.ENDED) {
                startAfresh("a new epoch has begun in the log");
            } else if (feed.heldBack() > 0) {
                giveUpGaps();
            }
        } catch (RuntimeException | Error ours) {
            // Something may have been applied by half, or not at all.
            log.error("failed after {}", feed.last(), ours);
            startAfresh("as it failed");
        }
    }

    /// Each record handed in before is in the database by the time it is asked, so a feed of its own loses none.
    private void startAfresh(String reason) {
        log.debug("loading the window, {}", reason);
        window.end();
        feed = newFeed();
        OrderedFeed<Item> into = feed;
        loads.update(Mono.defer(() -> load(into))
                .doOnError(failure -> log.debug("the window cannot be loaded, trying again", failure))
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, RETRY))
                .subscribe());
    }

    private OrderedFeed<Item> newFeed() {
        long heldBytes = Math.max(1, properties.size().toBytes() / HELD_PART);
        var bounds = new Bounds(properties.patience(), MOST_HELD, heldBytes);
        return new OrderedFeed<>(bounds, Item::size, (at, item) -> window.apply(at, item.event(), item.effects()));
    }

    /// @param into of an attempt that may be given up for a later one
    private Mono<Void> load(OrderedFeed<Item> into) {
        return primary.ask(Calls.position())
                .flatMap(read -> loader.load(begin(into, read.at()), read.at(), properties.wholeKinds()));
    }

    private synchronized Loading begin(OrderedFeed<Item> into, Position at) {
        if (!into.equals(feed)) {
            throw new IllegalStateException("given up for a later attempt");
        }
        Loading loading = window.begin(at);
        if (!feed.start(at)) {
            throw new IllegalStateException("a newer epoch than that of " + at + " has been seen");
        }
        return loading;
    }

    /// Asks how far the database is, without which what comes last could be missing unnoticed.
    private Mono<Void> poll() {
        if (!isPollDue()) {
            return Mono.empty();
        }
        Position applied = window.at();
        long askedAt = nanoTime.getAsLong();
        return primary.ask(Calls.position())
                .map(Read::at)
                .doOnNext(at -> committed(at, applied, askedAt))
                .doOnError(failure -> window.distrust())
                .onErrorComplete()
                .then();
    }

    private synchronized boolean isPollDue() {
        return polls.isDue(feed.last());
    }

    /// @param applied what had been when the database was asked
    private synchronized void committed(Position at, Position applied, long askedAt) {
        switch (feed.committed(at, applied, nanoTime.getAsLong())) {
            case ENDED -> startAfresh("as a new epoch has begun in the database");
            case WENT_BACK -> startAfresh("as the database has gone back to " + at);
            case GOES_ON -> {
                window.trust(askedAt, properties.committedPoll().toNanos() * (POLLS_WHILE_BUSY + POLLS_MISSED));
                giveUpGaps();
            }
        }
    }

    private void giveUpGaps() {
        feed.ask(nanoTime.getAsLong()).ifPresent(range -> startAfresh("as the log does not bring " + range));
    }

    private static Item item(BroadcastRecord record) {
        Event event = StoredEvent.read(record.json());
        return new Item(event == null ? null : new HotEvent(event), record.effects());
    }

    @Override
    public void close() {
        polling.dispose();
        loads.dispose();
    }
}
