package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.filter.Filter;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.gateway.subscription.LiveEvent.Kept;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.message.RelayMessages;
import dev.rookery.order.Position;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One REQ, from its opening to its end: what is stored, `EOSE`, then what is live.
///
/// When it is its turn, registration and query go out at once. The registration's answer says up to where live events
/// are *covered*, so that the store must tell of everything up to there; the query's answer carries `S`, the position
/// of its snapshot. An answer with `S` before *covered* is asked for again. From then on **a live event is sent if and
/// only if its position is after `S`**: nothing is sent twice and nothing is missed, with no set of ids to remember.
///
/// What is stored, and the live events that waited behind it, go out no faster than the client takes them. Later live
/// ones wait too while it is far behind, and then for a turn.
///
/// Confined to its connection's event loop.
final class Subscription implements LiveListener {

    private static final Logger log = LoggerFactory.getLogger(Subscription.class);

    private static final String NO_ROOM =
            "error: there is no room for the events that wait for the client, subscribe again";

    private enum Phase {
        /// Waits for its turn, and then for both answers.
        JOINING,
        /// Sends stored events; live ones wait.
        STORED,
        /// Waits for its turn to send those that have waited.
        BEHIND,
        /// Sends those that have waited; live ones still wait behind them.
        WAITED,
        LIVE,
        ENDED
    }

    private final String id;
    private final List<Filter> filters;
    private final Outbound out;
    private final Joining joining;
    private final Runnable onEnd;
    private final byte[] prefix;

    private final JoinTimeout timeout;
    private final StoredAnswer answer;
    private final WaitingEvents waiting;
    private final Slices slices;
    private final Viewer viewer;
    private Phase phase = Phase.JOINING;
    /// No answer may come from before it.
    private Position floor = Position.NONE;
    private @Nullable Position covered;

    /// @param onEnd what is to happen when the subscription ends by itself
    Subscription(String id, List<Filter> filters, Outbound out, Joining joining, Runnable onEnd) {
        this.id = id;
        this.filters = filters;
        this.out = out;
        this.joining = joining;
        this.onEnd = onEnd;
        this.prefix = RelayMessages.eventPrefix(id);
        this.waiting = new WaitingEvents(joining.room());
        this.viewer = new Viewer(filters, joining);
        this.answer = new StoredAnswer(filters, joining, out.executor(), this::join, this::ended);
        this.slices = new Slices(out, joining.properties().slice(), this::taken);
        this.timeout = new JoinTimeout(out.executor(), joining.properties().joinTimeout());
    }

    void open() {
        if (answer.isWanted()) {
            joining.turns().await(this);
        } else {
            register();
        }
    }

    void begin() {
        if (phase == Phase.BEHIND) {
            phase = Phase.WAITED;
            slices.goOnWhenTaken();
        } else {
            register();
        }
    }

    private void register() {
        joining.feed().register(this);
        if (answer.isWanted()) {
            floor = joining.feed().latest();
            answer.ask(floor);
        }
        timeout.start(this::giveUpJoining);
    }

    void close() {
        if (phase != Phase.ENDED) {
            phase = Phase.ENDED;
            timeout.stop();
            joining.feed().unregister(this);
            answer.cancel();
            endTurns();
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
            if (!answer.isWanted()) {
                answer.beEmpty(covered);
            }
            join();
        }
    }

    @Override
    public void live(LiveEvent event) {
        if (phase == Phase.LIVE && !out.isBehind()) {
            if (isAfterSnapshot(event.position()) && viewer.isToGetLive(event.event())) {
                out.event(prefix, event.event().json());
            }
        } else if (phase != Phase.ENDED && viewer.maySee(event.event())) {
            keep(event.kept());
        }
    }

    @Override
    public void broken() {
        out.cut();
    }

    @Override
    public void ended(String reason) {
        if (phase != Phase.ENDED) {
            close();
            onEnd.run();
            out.closed(id, reason);
        }
    }

    /// Goes on when both answers are there and the store's reaches as far as the registration's, which may be another
    /// than before as long as nothing has been used.
    private void join() {
        Position snapshot = answer.snapshot();
        if (covered == null || snapshot == null) {
            return;
        }
        Position needed = covered.max(floor);
        if (!answer.isUsed() && needed.isAfter(snapshot)) {
            joining.meters().askedAgain();
            answer.ask(needed);
        } else {
            phase = phase == Phase.JOINING ? Phase.STORED : phase;
            timeout.stop();
            sendOn();
        }
    }

    /// Sends a slice of what there is to send; more follows when the client has taken all that was sent. Where that
    /// fails, as where memory is short, the client must not take what it has got for all that there is.
    private void sendOn() {
        try {
            while (slices.isOpen() && sendNext()) {
                // One by one.
            }
        } catch (RuntimeException | Error ours) {
            log.error("what waits for a client could not be sent", ours);
            broken();
        }
    }

    private void taken() {
        answer.taken();
        sendOn();
    }

    private boolean sendNext() {
        return switch (phase) {
            case STORED -> sendStored();
            case WAITED -> sendWaiting();
            case JOINING, BEHIND, LIVE, ENDED -> false;
        };
    }

    private boolean sendStored() {
        byte[] json = answer.next();
        if (json != null) {
            send(json, viewer::isToGetStored);
            slices.spend(json.length);
        } else if (answer.isOver()) {
            tellTheEnd();
            joining.meters().joined(timeout.elapsedNanos());
            phase = Phase.WAITED;
        }
        return json != null || answer.isOver();
    }

    /// NIP-67, by setting: "`finish`" if everything stored that matches has been sent, "`more`" if not.
    private void tellTheEnd() {
        switch (answer.completeness()) {
            case FINISHED -> out.eose(id, "finish");
            case MORE -> out.eose(id, "more");
            case UNKNOWN -> out.eose(id);
        }
    }

    private void send(byte[] json, Predicate<Event> isToGet) {
        try {
            if (isToGet.test(EventReader.readTrusted(json))) {
                out.event(prefix, json);
            }
        } catch (MalformedMessageException broken) {
            ended("error: an event cannot be read");
        }
    }

    private boolean sendWaiting() {
        if (waiting.isEmpty()) {
            phase = Phase.LIVE;
            endTurns();
            return false;
        }
        Kept next = waiting.next();
        if (isAfterSnapshot(next.position())) {
            send(next.json(), viewer::isToGetLive);
        }
        slices.spend(next.json().length);
        return true;
    }

    /// All that was sent is to be taken first, and then it has to be its turn.
    private void fallBehind() {
        phase = Phase.BEHIND;
        slices.stop();
        joining.room().turns().await(this);
    }

    private void endTurns() {
        joining.turns().end(this);
        joining.room().turns().end(this);
    }

    /// What waits for the client is given up.
    void endWaiting() {
        if (phase != Phase.LIVE) {
            ended(NO_ROOM);
        }
    }

    private void keep(Kept event) {
        if (!waiting.add(event)) {
            ended(NO_ROOM);
        } else if (phase == Phase.LIVE) {
            fallBehind();
        }
    }

    private boolean isAfterSnapshot(Position position) {
        Position snapshot = answer.snapshot();
        return position.equals(Position.NONE) || (snapshot != null && position.isAfter(snapshot));
    }

    /// Those that have waited behind it, and not only for a moment, would mostly go on to do so in vain.
    private void giveUpJoining() {
        if (phase == Phase.JOINING) {
            joining.turns().waiting().stream()
                    .filter(other -> other.timeout.isHalfOver())
                    .forEach(Subscription::refuse);
            refuse();
        }
    }

    private void refuse() {
        joining.meters().gaveUp();
        ended("error: the relay could not answer in time");
    }
}
