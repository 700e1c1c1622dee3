package dev.rookery.gateway.subscription;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterWriter;
import dev.rookery.gateway.link.Answer;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.gateway.link.Retry;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Completeness;
import dev.rookery.link.LinkFrame.Failed;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Page;
import dev.rookery.order.Position;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the store answers to one REQ: events, newest first, of one snapshot. As long as nothing of it has been used, a
/// service that cannot be reached, or has too much to do, is asked again after a pause; whoever wants the answer puts
/// an end to that. Confined to its connection's event loop.
final class StoredAnswer {

    private final List<Filter> filters;
    private final Joining joining;
    private final EventExecutor executor;
    private final Runnable heard;
    private final Consumer<String> failed;
    private final Retry retry;

    private final Queue<byte[]> events = new ArrayDeque<>(0);
    private Position atLeast = Position.NONE;
    private @Nullable Position snapshot;
    private Set<Bytes32> askedFor = Set.of();
    private Completeness completeness = Completeness.UNKNOWN;
    private boolean ended;
    private boolean used;
    private int attempt;
    private int request;
    /// Bytes that may be under way, and grow as the client takes them.
    private long granted;
    /// Bytes that were used and that the store has not been granted anew.
    private long owed;
    /// Bytes that are here.
    private long held;

    /// @param heard called when more of it is here
    /// @param failed called with the reason when there is no more to come, and this is not its end
    StoredAnswer(
            List<Filter> filters, Joining joining, EventExecutor executor, Runnable heard, Consumer<String> failed) {
        this.filters = filters;
        this.joining = joining;
        this.executor = executor;
        this.heard = heard;
        this.failed = failed;
        this.retry = new Retry(executor, joining.properties().joinTimeout());
    }

    /// Whether the filters ask for anything that is stored.
    boolean isWanted() {
        return filters.stream().anyMatch(filter -> filter.limit().orElse(1) > 0 && !filter.canMatchNothing());
    }

    /// Asks for it, in place of what has been asked for before.
    void ask(Position notBefore) {
        cancel();
        atLeast = notBefore;
        int current = attempt;
        askedFor = Set.copyOf(joining.viewers().get());
        granted = joining.properties().firstCredit();
        request = joining.query()
                .query(
                        notBefore,
                        granted,
                        new QueryClient.Wanted(
                                FilterWriter.write(filters),
                                List.copyOf(askedFor),
                                joining.properties().eoseHints()),
                        frame -> executor.execute(() -> hear(current, frame)));
    }

    /// It is not asked for, as nothing is wanted.
    void beEmpty(Position at) {
        snapshot = at;
        ended = true;
    }

    /// Nothing more is heard of it, and what is here is gone.
    void cancel() {
        retry.cancel();
        joining.query().cancel(request);
        request = 0;
        attempt++;
        snapshot = null;
        completeness = Completeness.UNKNOWN;
        ended = false;
        owed = 0;
        hold(-held);
        events.clear();
    }

    private void hold(long more) {
        held += more;
        if (more > 0) {
            joining.room().take(more);
        } else if (more < 0) {
            joining.room().giveBack(-more);
        }
    }

    private void hear(int toAttempt, LinkFrame.ToGateway frame) {
        if (toAttempt != attempt) {
            return;
        }
        switch (frame) {
            case Page page -> {
                readFrom(page.snapshot());
                events.addAll(page.events());
                hold(page.events().stream().mapToLong(json -> json.length).sum());
                heard.run();
            }
            case LinkFrame.End(var number, var position, var said) -> {
                readFrom(position);
                completeness = said;
                request = 0;
                ended = true;
                heard.run();
            }
            case Failed(var number, var failure, var reason) -> {
                cancel();
                boolean passes = failure == Failure.NO_LINK || failure == Failure.OVERLOADED;
                if (used || !passes || !retry.later(this::askAgain)) {
                    failed.accept(Answer.reason(frame));
                }
            }
            default -> failed.accept(Answer.reason(frame));
        }
    }

    private void askAgain() {
        joining.meters().triedAgain();
        ask(atLeast);
    }

    /// An epoch that the store has begun is known from then on, whoever else has heard of it.
    private void readFrom(Position position) {
        snapshot = position;
        joining.reached().enterEpochOf(position);
    }

    /// `S`, as soon as anything of the answer is here.
    @Nullable
    Position snapshot() {
        return snapshot;
    }

    /// The next event that is here, to be used.
    byte @Nullable [] next() {
        byte[] json = events.poll();
        if (json != null) {
            used = true;
            owed += json.length;
            hold(-json.length);
        }
        return json;
    }

    /// Whether anything of it has been used, so that no other can take its place.
    boolean isUsed() {
        return used;
    }

    /// Whether all of it has been used.
    boolean isOver() {
        return ended && events.isEmpty();
    }

    /// Whether the store has told all that it has; not known of what it has been asked for other viewers.
    Completeness completeness() {
        return askedFor.equals(joining.viewers().get()) ? completeness : Completeness.UNKNOWN;
    }

    /// What has been used so far is off this gateway's hands. The store is told now and then, and more may be under way
    /// from then on, unless there is little room for what waits for clients.
    void taken() {
        long more = joining.room().isTight() ? 0 : joining.properties().credit().toBytes() - granted;
        if (request != 0 && owed + more >= granted / 4) {
            joining.query().credit(request, owed + more);
            granted += more;
            owed = 0;
        }
    }
}
