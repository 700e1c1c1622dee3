package dev.rookery.query.link;

import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failed;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.query.answer.Answers;
import dev.rookery.query.answer.PagedAnswer;
import dev.rookery.query.stored.QueryFailure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// One gateway's requests: REQs of its clients, what they ask beside, and what it asks itself, each with places of
/// their own. Every request ends with `End`, `Counted`, `Statuses` or `Failed`, unless the gateway cancels it; a
/// reconciliation, only with `Failed`.
final class Link {

    private static final Logger log = LoggerFactory.getLogger(Link.class);
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();

    private final Answers answers;
    private final LinkProperties bounds;
    private final LinkMeters meters;
    private final Buffer buffer;
    private final Semaphore placesOfClients;
    private final Semaphore placesOfQuestions;
    private final Semaphore placesOfItsOwn;
    private final Map<Integer, Request> requests = new ConcurrentHashMap<>();
    private final AtomicLong lookedAt = new AtomicLong(System.nanoTime() - LOOK_EVERY_NANOS);

    Link(Answers answers, LinkProperties bounds, LinkMeters meters) {
        this.answers = answers;
        this.bounds = bounds;
        this.meters = meters;
        this.buffer = new Buffer(bounds.buffer().toBytes());
        this.placesOfClients = new Semaphore(bounds.requests());
        this.placesOfQuestions = new Semaphore(bounds.questions());
        this.placesOfItsOwn = new Semaphore(bounds.requests());
    }

    /// @param further what a gateway says of it after it was opened
    private record Request(
            int number,
            String kind,
            Allowance credit,
            Semaphore places,
            Sinks.Empty<Void> cancelled,
            Sinks.Many<byte[]> further) {}

    /// What a frame is answered with.
    Flux<LinkFrame.ToGateway> answer(LinkFrame.FromGateway frame) {
        return switch (frame) {
            case LinkFrame.Query query -> {
                Request request = request(query.request(), "query", query.credit(), placesOfClients);
                yield open(request, paged(() -> answers.query(query), request.credit()));
            }
            case LinkFrame.Range range -> {
                Request request = request(range.request(), "range", range.credit(), placesOfItsOwn);
                yield open(request, paged(() -> answers.range(range), request.credit()));
            }
            case LinkFrame.Status status -> {
                Request request = request(status.request(), "status", 0, placesOfItsOwn);
                yield open(request, Flux.from(Mono.defer(() -> answers.status(status))));
            }
            case LinkFrame.Count count -> {
                Request request = request(count.request(), "count", 0, placesOfQuestions);
                yield open(request, Flux.from(Mono.defer(() -> answers.count(count))));
            }
            case LinkFrame.Reconcile first -> {
                Request request = request(first.request(), "reconcile", 0, placesOfQuestions);
                var further = request.further().asFlux();
                yield open(request, Flux.defer(() -> answers.reconcile(first, further)));
            }
            case LinkFrame.ReconcileOn(int request, byte[] message) -> goOn(request, message);
            case LinkFrame.Credit(int request, long bytes) -> {
                Request open = requests.get(request);
                if (open != null) {
                    open.credit().grant(bytes);
                }
                yield Flux.empty();
            }
            case LinkFrame.Cancel(int request) -> {
                cancel(requests.remove(request));
                yield Flux.empty();
            }
            case LinkFrame.Register(int handle, var filters) ->
                refused(handle, Failure.INVALID, "nothing is registered here");
            case LinkFrame.Unregister _ -> Flux.empty();
        };
    }

    /// A frame has been encoded, and waits for the transport.
    void waits(byte[] frame) {
        buffer.use(frame.length);
    }

    /// A frame has been given to the transport.
    void left(byte[] frame) {
        buffer.giveBack(frame.length);
    }

    int requests() {
        return requests.size();
    }

    private Request request(int number, String kind, long credit, Semaphore places) {
        return new Request(
                number,
                kind,
                new Allowance(credit, bounds.credit().toBytes()),
                places,
                Sinks.empty(),
                Sinks.many().unicast().onBackpressureBuffer(new ArrayBlockingQueue<>(1)));
    }

    private static void cancel(@Nullable Request open) {
        if (open != null) {
            open.cancelled().tryEmitEmpty();
        }
    }

    /// A gateway waits for the answer to one message before it sends the next.
    private Flux<LinkFrame.ToGateway> goOn(int request, byte[] message) {
        Request open = requests.get(request);
        if (open == null || open.further().tryEmitNext(message).isSuccess()) {
            return Flux.empty();
        }
        cancel(open);
        return refused(request, Failure.INVALID, "one message at a time");
    }

    /// @param answer nothing of which happens before it is subscribed to
    private Flux<LinkFrame.ToGateway> open(Request request, Flux<LinkFrame.ToGateway> answer) {
        int number = request.number();
        if (!request.places().tryAcquire()) {
            endWhatIsNotTaken(request.places());
            return refused(number, Failure.OVERLOADED, "too many requests on this link at once");
        }
        if (requests.putIfAbsent(number, request) != null) {
            request.places().release();
            return refused(number, Failure.INVALID, "the number of a request that is under way");
        }
        LinkMeters.Running running = meters.began(request.kind());
        return answer.takeUntilOther(request.cancelled().asMono())
                .onErrorResume(failure -> Mono.just(failed(number, failure)))
                .doOnNext(running::saw)
                .doFinally(end -> {
                    request.places().release();
                    requests.remove(number, request);
                    running.ended();
                });
    }

    /// Whose clients take nothing give their places to those who are asked for again soon.
    private void endWhatIsNotTaken(Semaphore places) {
        long now = System.nanoTime();
        long last = lookedAt.get();
        if (now - last < LOOK_EVERY_NANOS || !lookedAt.compareAndSet(last, now)) {
            return;
        }
        for (Request open : requests.values()) {
            if (open.places().equals(places) && open.credit().isWaitedForSince(bounds.creditWithinWhereOthersWait())) {
                open.cancelled()
                        .tryEmitError(
                                new QueryFailure(Failure.OVERLOADED, "the answer was not taken while others waited"));
            }
        }
    }

    private Flux<LinkFrame.ToGateway> paged(Supplier<PagedAnswer> answer, Allowance credit) {
        return Flux.using(
                () -> new Pages(answer.get(), credit, bounds.creditWithin(), buffer.new Share()), Pages::frames);
    }

    private static Flux<LinkFrame.ToGateway> refused(int number, Failure failure, String reason) {
        return Flux.just(new Failed(number, failure, reason));
    }

    private static LinkFrame.ToGateway failed(int number, Throwable failure) {
        if (failure instanceof QueryFailure known) {
            log.debug("request {} failed: {}", number, known.reason(), known);
            return new Failed(number, known.failure(), known.reason());
        }
        log.error("request {} failed", number, failure);
        return new Failed(number, Failure.UNAVAILABLE, "the request failed here");
    }
}
