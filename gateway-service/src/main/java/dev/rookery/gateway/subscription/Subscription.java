package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterWriter;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failed;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Page;
import dev.rookery.message.Prefix;
import dev.rookery.message.RelayMessages;
import dev.rookery.order.Position;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One REQ, from its opening to its end: what is stored, `EOSE`, then what is live.
///
/// Registration and query go out at once. The registration's answer says up to where live events are *covered*, so
/// that the store must tell of everything up to there; the query's answer carries `S`, the position of its
/// snapshot. An answer with `S` before *covered* is asked for again. From then on **a live event is sent if and
/// only if its position is after `S`**: nothing is sent twice and nothing is missed, with no set of ids to remember.
///
/// Confined to its connection's event loop.
final class Subscription implements LiveListener {

    private enum Phase {
        /// Waits for both answers.
        JOINING,
        /// Sends stored events; live ones wait.
        STORED,
        LIVE,
        ENDED
    }

    private record Waiting(Position position, Event event) {}

    private final String id;
    private final List<Filter> filters;
    private final Outbound out;
    private final Joining joining;
    private final Runnable onEnd;
    private final byte[] prefix;

    private final Deque<Page> pages = new ArrayDeque<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private Phase phase = Phase.JOINING;
    /// No answer may come from before it.
    private Position floor = Position.NONE;
    private @Nullable Position covered;
    private @Nullable Position snapshot;
    private boolean answered;
    private int attempt;
    private long openedAt;
    private int request;
    private @Nullable Future<?> timeout;

    /// @param onEnd what is to happen when the subscription ends by itself
    Subscription(String id, List<Filter> filters, Outbound out, Joining joining, Runnable onEnd) {
        this.id = id;
        this.filters = filters;
        this.out = out;
        this.joining = joining;
        this.onEnd = onEnd;
        this.prefix = RelayMessages.eventPrefix(id);
    }

    void open() {
        openedAt = System.nanoTime();
        joining.feed().register(this);
        if (asksForStored()) {
            floor = joining.reached().get().max(joining.feed().last());
            ask(floor);
        }
        long millis = joining.properties().joinTimeout().toMillis();
        timeout = executor().schedule(this::giveUpJoining, millis, TimeUnit.MILLISECONDS);
    }

    /// Nothing more is sent for it.
    void close() {
        if (phase != Phase.ENDED) {
            phase = Phase.ENDED;
            stopTimeout();
            joining.feed().unregister(this);
            joining.query().cancel(request);
            pages.clear();
            waiting.clear();
        }
    }

    @Override
    public EventExecutor executor() {
        return out.executor();
    }

    @Override
    public List<Filter> filters() {
        return filters;
    }

    @Override
    public void registered(Position upTo) {
        if (phase == Phase.JOINING) {
            covered = covered == null ? upTo : covered.max(upTo);
            if (!asksForStored()) {
                snapshot = covered;
                answered = true;
            }
            join();
        }
    }

    @Override
    public void live(Position position, Event event) {
        switch (phase) {
            case JOINING, STORED -> keep(new Waiting(position, event));
            case LIVE -> sendLive(position, event);
            case ENDED -> {}
        }
    }

    @Override
    public void ended(String reason) {
        if (phase != Phase.ENDED) {
            close();
            onEnd.run();
            out.closed(id, reason);
        }
    }

    private boolean asksForStored() {
        return filters.stream().anyMatch(filter -> filter.limit().orElse(1) > 0 && !filter.canMatchNothing());
    }

    private void ask(Position atLeast) {
        int current = ++attempt;
        snapshot = null;
        request = joining.query()
                .query(
                        atLeast,
                        joining.properties().credit().toBytes(),
                        FilterWriter.write(filters),
                        List.copyOf(joining.viewers().get()),
                        frame -> executor().execute(() -> hear(current, frame)));
    }

    private void hear(int toAttempt, LinkFrame.ToGateway frame) {
        if (phase == Phase.ENDED || toAttempt != attempt) {
            return;
        }
        switch (frame) {
            case Page page -> {
                readFrom(page.snapshot());
                pages.add(page);
                join();
            }
            case LinkFrame.End(var number, var position) -> {
                readFrom(position);
                answered = true;
                join();
            }
            case Failed(var number, var failure, var reason) ->
                ended((failure == Failure.INVALID ? Prefix.INVALID : Prefix.ERROR).with(reason));
            default -> ended("error: the store gave an answer of another kind");
        }
    }

    /// An epoch that the store has begun is known from then on, whoever else has heard of it.
    private void readFrom(Position position) {
        snapshot = position;
        joining.reached().raise(new Position(position.epoch(), 0));
    }

    /// Goes on when both answers are there and the store's reaches as far as the registration's.
    private void join() {
        Position stored = snapshot;
        if (covered == null || stored == null) {
            return;
        }
        Position needed = covered.max(floor);
        if (phase == Phase.JOINING && needed.isAfter(stored)) {
            joining.query().cancel(request);
            pages.clear();
            answered = false;
            joining.meters().askedAgain();
            ask(needed);
            return;
        }
        phase = Phase.STORED;
        stopTimeout();
        while (!pages.isEmpty()) {
            send(pages.remove());
        }
        if (answered && phase == Phase.STORED) {
            out.eose(id);
            joining.meters().joined(System.nanoTime() - openedAt);
            phase = Phase.LIVE;
            sendWaiting();
        }
    }

    private void send(Page page) {
        long bytes = 0;
        for (byte[] json : page.events()) {
            bytes += json.length;
            try {
                Event event = EventReader.read(json);
                if (isForViewer(event)) {
                    out.event(prefix, json);
                }
            } catch (MalformedMessageException broken) {
                ended("error: a stored event cannot be read");
                return;
            }
        }
        long read = bytes;
        out.whenFlushed(() -> {
            if (phase == Phase.STORED) {
                joining.query().credit(page.request(), read);
            }
        });
    }

    private void keep(Waiting event) {
        long size = event.event().json().length;
        SubscriptionProperties bounds = joining.properties();
        if (waiting.size() >= bounds.maxWaiting()
                || waitingBytes + size > bounds.maxWaitingSize().toBytes()) {
            ended("error: live events overran the stored ones, subscribe again");
        } else {
            waiting.add(event);
            waitingBytes += size;
        }
    }

    private void sendWaiting() {
        while (phase == Phase.LIVE && !waiting.isEmpty()) {
            Waiting next = waiting.remove();
            sendLive(next.position(), next.event());
        }
    }

    private void sendLive(Position position, Event event) {
        boolean ephemeral = position.equals(Position.NONE);
        Position stored = snapshot;
        if ((ephemeral || (stored != null && position.isAfter(stored))) && isForViewer(event)) {
            out.event(prefix, event.json());
        }
    }

    /// The store and broadcast-service have matched it, but only the connection knows its viewer and the time of
    /// sending.
    private boolean isForViewer(Event event) {
        return !event.isExpired(joining.clock().instant().getEpochSecond())
                && joining.visibility().shows(event, joining.viewers().get())
                && filters.stream().anyMatch(filter -> filter.matches(event));
    }

    private void stopTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    private void giveUpJoining() {
        if (phase == Phase.JOINING) {
            joining.meters().gaveUp();
            ended("error: the relay could not answer in time");
        }
    }
}
