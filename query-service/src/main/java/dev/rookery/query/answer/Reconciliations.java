package dev.rookery.query.answer;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Reconciled;
import dev.rookery.query.answer.ShownKeys.ShownKey;
import dev.rookery.query.negentropy.MalformedNegentropyException;
import dev.rookery.query.negentropy.Records;
import dev.rookery.query.negentropy.Responder;
import dev.rookery.query.stored.QueryFailure;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// All reconciliations (NIP-77) that are under way. Each holds what its filter finds in one snapshot, and for whom it
/// was opened, from its first message to its end. Thread-safe.
final class Reconciliations {

    private final Answering answers;
    private final AtOnce turns;
    private final Set<Share> shares = ConcurrentHashMap.newKeySet();
    private final AtomicInteger held = new AtomicInteger();

    /// @param turns in which the store is asked
    Reconciliations(Answering answers, AtOnce turns, MeterRegistry meters) {
        this.answers = answers;
        this.turns = turns;
        meters.gauge("rookery.query.sync.records", held);
    }

    /// Answers the first message and all that follow, until this is cancelled or nothing follows for too long.
    Flux<LinkFrame.ToGateway> answer(LinkFrame.Reconcile first, Filter filter, Flux<byte[]> further) {
        return Flux.usingWhen(
                Mono.fromSupplier(Share::new),
                share -> found(first, filter, share)
                        .flatMapMany(records -> {
                            Responder responder = new Responder(
                                    records, (int) answers.sync().frame().toBytes());
                            return Flux.concat(Mono.just(first.message()), awaited(further))
                                    .publishOn(answers.workers(), 1)
                                    .<LinkFrame.ToGateway>map(
                                            message -> new Reconciled(first.request(), answer(responder, message)));
                        })
                        .takeUntilOther(share.givenUp.asMono()),
                share -> Mono.fromRunnable(share::giveBack));
    }

    private Flux<byte[]> awaited(Flux<byte[]> further) {
        return further.timeout(answers.sync().idle())
                .onErrorMap(
                        TimeoutException.class,
                        idle -> new QueryFailure(Failure.ABANDONED, "you took too long to respond!"));
    }

    private static byte[] answer(Responder responder, byte[] message) {
        try {
            return responder.answer(message);
        } catch (MalformedNegentropyException malformed) {
            throw new QueryFailure(Failure.INVALID, String.valueOf(malformed.getMessage()));
        }
    }

    private Mono<Records> found(LinkFrame.Reconcile first, Filter wanted, Share share) {
        return records(first, wanted, share)
                .timeout(answers.sync().within())
                .onErrorMap(
                        TimeoutException.class,
                        late -> new QueryFailure(Failure.TOO_SLOW, "it took too long to find what is stored"));
    }

    private Mono<Records> records(LinkFrame.Reconcile first, Filter wanted, Share share) {
        Set<Bytes32> viewers = Set.copyOf(first.viewers());
        Filter filter = answers.visibility().narrowed(wanted, viewers);
        int limit = filter.limit().orElse(Integer.MAX_VALUE);
        if (filter.canMatchNothing() || limit == 0) {
            return Mono.just(new Records.Collector().records());
        }
        ShownKeys keys =
                new ShownKeys(answers, new Asking(answers.views(), first.atLeast(), turns), filter, viewers, 0);
        Records.Collector collector = new Records.Collector();
        return Mono.defer(keys::next)
                .repeat()
                .takeUntil(List::isEmpty)
                .doOnNext(next -> share.take(next.size()))
                .doOnNext(next -> add(next, collector, limit))
                .takeUntil(next -> collector.size() >= limit)
                .then(Mono.fromSupplier(collector::records));
    }

    private static void add(List<ShownKey> keys, Records.Collector collector, int limit) {
        keys.stream()
                .limit(limit - collector.size())
                .forEach(one -> collector.add(one.key().createdAt(), one.key().id()));
    }

    /// There is too much in all: the one that holds most gives way, so that two that are large keep nobody else out.
    private void makeRoom(Share asking) {
        Share largest = shares.stream()
                .max(Comparator.comparingInt(share -> share.records))
                .orElse(asking);
        QueryFailure tooMuch = new QueryFailure(Failure.OVERLOADED, "too much is being synchronised at once");
        if (largest.equals(asking)) {
            throw tooMuch;
        }
        largest.giveBack();
        largest.givenUp.tryEmitError(tooMuch);
    }

    /// What one of them holds of all. A page that is on its way when it ends, on another thread, is not counted.
    private final class Share {

        private final Sinks.Empty<Void> givenUp = Sinks.empty();
        private volatile int records;

        Share() {
            shares.add(this);
        }

        void take(int more) {
            if (!add(more)) {
                return;
            }
            if (records > answers.sync().most()) {
                throw new QueryFailure(Failure.TOO_LARGE, "this query is too big");
            }
            if (held.get() > answers.sync().held()) {
                makeRoom(this);
            }
        }

        /// Whether it has not ended.
        private synchronized boolean add(int more) {
            boolean counts = shares.contains(this);
            if (counts) {
                records += more;
                held.addAndGet(more);
            }
            return counts;
        }

        synchronized void giveBack() {
            if (shares.remove(this)) {
                held.addAndGet(-records);
            }
        }
    }
}
