package dev.rookery.gateway.link;

import dev.rookery.event.Bytes32;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failed;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.link.LinkFrame.Statuses;
import dev.rookery.order.Position;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Asks query-service, many requests at a time over one link. Thread-safe.
///
/// Every request that is made ends: with its answer, or with `Failed` when the link is lost or there is none.
public final class QueryClient implements LinkListener {

    /// Numbers go round, from 1: 0 stands for the whole link, and for no request.
    final AtomicInteger lastRequest = new AtomicInteger();

    private final ConcurrentHashMap<Integer, Answer> open = new ConcurrentHashMap<>();
    private volatile @Nullable Link link;

    /// What a REQ wants of the store, and for whom.
    ///
    /// @param filters as JSON
    /// @param viewers the keys that the connection has proven
    /// @param completeness whether it wants to know if the answer has all that there is
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
    public record Wanted(byte[] filters, List<Bytes32> viewers, boolean completeness) {}

    /// @return the request's number, for `credit` and `cancel`
    public int query(Position atLeast, long credit, Wanted wanted, Answer answer) {
        return ask(
                request -> new LinkFrame.Query(
                        request, atLeast, credit, wanted.filters(), wanted.viewers(), wanted.completeness()),
                answer);
    }

    public int range(Position after, Position upTo, long credit, Answer answer) {
        return ask(request -> new LinkFrame.Range(request, after, upTo, credit), answer);
    }

    /// What became of events; fails with `LinkFailure` when nobody can tell.
    public CompletableFuture<Statuses> status(Position atLeast, List<Question> questions) {
        CompletableFuture<Statuses> answer = new CompletableFuture<>();
        ask(request -> new LinkFrame.Status(request, atLeast, questions), frame -> {
            switch (frame) {
                case Statuses statuses -> answer.complete(statuses);
                case Failed(var request, var failure, var reason) ->
                    answer.completeExceptionally(new LinkFailure(failure, reason));
                default -> answer.completeExceptionally(new LinkFailure(Failure.INVALID, "not a status"));
            }
        });
        return answer;
    }

    public int count(Position atLeast, byte[] filters, List<Bytes32> viewers, Answer answer) {
        return ask(request -> new LinkFrame.Count(request, atLeast, filters, viewers), answer);
    }

    /// @return the request's number, for `reconcileOn` and `cancel`
    public int reconcile(Position atLeast, byte[] filters, List<Bytes32> viewers, byte[] message, Answer answer) {
        return ask(request -> new LinkFrame.Reconcile(request, atLeast, filters, viewers, message), answer);
    }

    public void reconcileOn(int request, byte[] message) {
        tell(new LinkFrame.ReconcileOn(request, message));
    }

    public void credit(int request, long bytes) {
        tell(new LinkFrame.Credit(request, bytes));
    }

    /// Nothing more is heard of the request.
    public void cancel(int request) {
        if (open.remove(request) != null) {
            tell(new LinkFrame.Cancel(request));
        }
    }

    public boolean isLinked() {
        return link != null;
    }

    @Override
    public void opened(Link opened) {
        link = opened;
    }

    @Override
    public void received(LinkFrame.ToGateway frame) {
        switch (frame) {
            case LinkFrame.Page page -> more(page.request(), page);
            case LinkFrame.RangePage page -> more(page.request(), page);
            case LinkFrame.End end -> last(end.request(), end);
            case Failed failed -> last(failed.request(), failed);
            case Statuses statuses -> last(statuses.request(), statuses);
            case LinkFrame.Counted counted -> last(counted.request(), counted);
            case LinkFrame.Reconciled reconciled -> more(reconciled.request(), reconciled);
            case LinkFrame.Registered _, LinkFrame.Deliver _, LinkFrame.Heartbeat _, LinkFrame.Refused _ -> {}
        }
    }

    @Override
    public void closed() {
        link = null;
        open.keySet().forEach(this::fail);
    }

    private int ask(IntFunction<LinkFrame.FromGateway> request, Answer answer) {
        int number = next();
        while (open.putIfAbsent(number, answer) != null) {
            number = next();
        }
        Link current = link;
        if (current != null) {
            current.send(request.apply(number));
        }
        if (current == null || !current.equals(link)) {
            fail(number);
        }
        return number;
    }

    private int next() {
        return lastRequest.updateAndGet(last -> last == Integer.MAX_VALUE ? 1 : last + 1);
    }

    private void fail(int request) {
        last(request, new Failed(request, Failure.NO_LINK, "query-service cannot be reached"));
    }

    private void more(int request, LinkFrame.ToGateway frame) {
        Answer answer = open.get(request);
        if (answer != null) {
            answer.hear(frame);
        }
    }

    private void last(int request, LinkFrame.ToGateway frame) {
        Answer answer = open.remove(request);
        if (answer != null) {
            answer.hear(frame);
        }
    }

    private void tell(LinkFrame.FromGateway frame) {
        Link current = link;
        if (current != null) {
            current.send(frame);
        }
    }
}
