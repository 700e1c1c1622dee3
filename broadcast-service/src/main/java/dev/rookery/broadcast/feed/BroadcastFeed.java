package dev.rookery.broadcast.feed;

import dev.rookery.broadcast.link.Links;
import dev.rookery.order.CommittedPolls;
import dev.rookery.order.OrderedFeed;
import dev.rookery.order.OrderedFeed.Bounds;
import dev.rookery.order.OrderedFeed.Missing;
import dev.rookery.order.OrderedFeed.Outcome;
import dev.rookery.order.Position;
import dev.rookery.topics.BroadcastRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/// Feeds the links with what the log brings, in the one order, and with what only the database has.
///
/// On the owner's thread only, but for `isStarted`. Outages of the database are waited out: what is in order goes on
/// being delivered, and the links' heartbeats tell how far that is. A database that has gone back is not: what has been
/// applied is nowhere any more, so links end, and none opens until an epoch begins or the order has come as far again.
public final class BroadcastFeed {

    private static final Logger log = LoggerFactory.getLogger(BroadcastFeed.class);

    /// While records arrive, each so many polls ask the database.
    private static final int POLLS_WHILE_BUSY = 5;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Owner owner;
    private final EventStore store;
    private final Links links;
    private final FeedProperties properties;
    private final FeedMeters meters;
    private final LongSupplier nanoTime;
    private final OrderedFeed<Live> feed;
    private final CommittedPolls polls = new CommittedPolls(POLLS_WHILE_BUSY);

    private volatile boolean started;
    private boolean locating;
    private boolean polling;

    /// Where what is delivered goes, and what is counted.
    public record Outlets(Links links, FeedMeters meters) {}

    /// @param nanoTime `System.nanoTime`
    public BroadcastFeed(
            Owner owner, EventStore store, Outlets outlets, FeedProperties properties, LongSupplier nanoTime) {
        this.owner = owner;
        this.store = store;
        this.links = outlets.links();
        this.meters = outlets.meters();
        this.properties = properties;
        this.nanoTime = nanoTime;
        var bounds = new Bounds(
                properties.patience(),
                properties.heldBack(),
                properties.heldBackSize().toBytes());
        feed = new OrderedFeed<>(bounds, Live::size, this::apply);
    }

    /// To be called, once, when the ends of the log have been noted: the position is read only afterwards.
    public void begin() {
        owner.every(properties.patience().dividedBy(5), this::fetchMissing);
        owner.every(properties.committedPoll(), this::poll);
        locate();
    }

    /// Whether links can be served.
    public boolean isStarted() {
        return started;
    }

    public void received(List<BroadcastRecord> records) {
        for (BroadcastRecord record : records) {
            if (record.isEphemeral()) {
                deliverEphemeral(record);
            } else {
                offer(record);
            }
        }
        if (feed.heldBack() > 0) {
            fetchMissing();
        }
        measure();
    }

    /// What has thrown may have left a delivery undone: no link goes on as if it had not. Or it has left the feed
    /// without a beginning.
    public void failed(Throwable failure) {
        log.error("failed after {}", feed.last(), failure);
        feed.stop();
        if (started) {
            startAfresh("internal error");
        } else {
            owner.after(RETRY, this::locate);
        }
    }

    private void deliverEphemeral(BroadcastRecord record) {
        byte[] json = record.json();
        meters.ephemeral();
        if (started && json != null && record.origin().deliver()) {
            links.deliver(Position.NONE, json);
        }
    }

    private void offer(BroadcastRecord record) {
        Live live = Live.of(record.origin().deliver(), record.json());
        Outcome outcome = feed.offer(record.position(), live, nanoTime.getAsLong());
        meters.offered(outcome);
        if (outcome == Outcome.ENDED) {
            startAfresh("a new epoch has begun in the log");
        }
    }

    private void apply(Position at, Live live) {
        byte[] json = live.json();
        links.reach(at);
        if (json != null) {
            links.deliver(at, json);
        }
    }

    /// Links end, because what their gateways have been told belongs to a state that is over. A feed that an epoch has
    /// ended, or a database that went back, stands still already, and may hold the first record of the new epoch,
    /// which `stop` would drop; only one that would go on is to be stopped by the caller.
    private void startAfresh(String reason) {
        log.warn("starting afresh after {}: {}", feed.last(), reason);
        started = false;
        links.endAll(reason);
        meters.startedAfresh();
        locate();
    }

    private void locate() {
        if (!locating && !started) {
            CompletableFuture<Position> answer = store.committed();
            locating = true;
            whenAnswered(answer, (at, failure) -> {
                locating = false;
                if (at != null && feed.start(at)) {
                    links.begin(feed.last());
                    started = true;
                    log.info("following the one order from {} on", at);
                } else {
                    log.warn("cannot start from {} on, trying again", at == null ? causeOf(failure) : at);
                    owner.after(RETRY, this::locate);
                }
            });
        }
    }

    private void poll() {
        if (!started || polling || !polls.isDue(feed.last())) {
            return;
        }
        Position applied = feed.last();
        CompletableFuture<Position> answer = store.committed();
        polling = true;
        whenAnswered(answer, (at, failure) -> {
            polling = false;
            if (at != null) {
                committed(at, applied);
            } else {
                log.debug("the committed position is not to be had", failure);
            }
        });
    }

    /// @param applied what had been when the database was asked
    private void committed(Position at, Position applied) {
        switch (feed.committed(at, applied, nanoTime.getAsLong())) {
            case ENDED -> startAfresh("a new epoch has begun in the database");
            case WENT_BACK -> startAfresh("the database has gone back to " + at);
            case GOES_ON -> {}
        }
        measure();
    }

    private void fetchMissing() {
        if (started && feed.behind() > properties.largestGap()) {
            startAfresh(feed.behind() + " positions are missing");
            feed.stop();
        }
        feed.ask(nanoTime.getAsLong()).ifPresent(range -> {
            meters.asked();
            log.debug("asking the database for {}", range);
            var answered =
                    store.range(range, properties.page(), properties.pageSize().toBytes());
            whenAnswered(answered, (answer, failure) -> fill(range, answer, failure));
        });
    }

    private void fill(Missing range, EventStore.@Nullable Answer answer, @Nullable Throwable failure) {
        if (answer == null || !answer.stands(range)) {
            log.warn("no answer for {}: {}", range, answer == null ? causeOf(failure) : answer.committed());
            feed.failed(range, nanoTime.getAsLong());
        } else {
            meters.gone(feed.fill(range, answer.upTo(), answer.rows()));
            if (started) {
                links.reach(feed.last());
            }
            measure();
            fetchMissing();
        }
        if (answer != null) {
            committed(answer.committed(), new Position(range.epoch(), range.after()));
        }
    }

    private <A> void whenAnswered(CompletableFuture<A> answer, BiConsumer<@Nullable A, @Nullable Throwable> then) {
        var _ = answer.whenComplete((value, failure) -> owner.execute(() -> then.accept(value, failure)));
    }

    /// The driver's own words, without those who passed them on.
    private static Object causeOf(@Nullable Throwable failure) {
        Throwable root = failure == null ? null : NestedExceptionUtils.getRootCause(failure);
        return String.valueOf(root == null ? failure : root);
    }

    private void measure() {
        meters.stands(feed.last(), feed.behind(), feed.heldBack(), feed.heldBackBytes());
    }
}
