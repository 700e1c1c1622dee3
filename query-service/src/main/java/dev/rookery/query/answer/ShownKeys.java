package dev.rookery.query.answer;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.query.plan.Candidates;
import dev.rookery.query.plan.FilterPlan;
import dev.rookery.query.plan.Key;
import dev.rookery.query.plan.Planner;
import dev.rookery.query.plan.Residual;
import dev.rookery.query.stored.Calls;
import dev.rookery.query.stored.ShownCalls;
import dev.rookery.query.stored.ShownCalls.Shown;
import dev.rookery.query.stored.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// The keys of all that one filter finds and its viewers may see, in order, without the events; its limit is left
/// aside. Tags are compared by their hashes. Whether an event of a private kind is shown only the rule can tell, which
/// wants the event, so these are read.
final class ShownKeys {

    private static final int BATCH = 4_000;

    private final Answering answers;
    private final Asking asking;
    private final Filter filter;
    private final Set<Bytes32> viewers;
    private final int authorFrom;
    private Residual residual = Residual.NONE;
    private @Nullable Candidates candidates;

    /// @param author eight bytes of its key
    record ShownKey(Key key, long author) {}

    /// @param authorFrom which eight bytes of the authors' keys are wanted
    ShownKeys(Answering answers, Asking asking, Filter filter, Set<Bytes32> viewers, int authorFrom) {
        this.answers = answers;
        this.asking = asking;
        this.filter = filter;
        this.viewers = viewers;
        this.authorFrom = authorFrom;
    }

    /// The next ones, at least one; none when there are no more. Asked for again only when the last ones were given.
    Mono<List<ShownKey>> next() {
        return Mono.defer(this::step)
                .repeat()
                .filter(keys -> !keys.isEmpty() || isOver())
                .next();
    }

    private boolean isOver() {
        return candidates != null && candidates.isExhausted();
    }

    /// One step on the way; what it gives may be nothing yet.
    private Mono<List<ShownKey>> step() {
        Candidates known = candidates;
        if (known == null) {
            return new Choice(asking, answers.visibility(), viewers)
                    .of(filter)
                    .doOnNext(this::readFrom)
                    .thenReturn(List.of());
        }
        if (known.isReady()) {
            return shown(taken(known));
        }
        if (known.isExhausted()) {
            return Mono.just(List.of());
        }
        var scan = known.next(BATCH);
        return asking.ask(Calls.scan(scan))
                .publishOn(answers.workers())
                .doOnNext(found -> known.add(scan, found))
                .thenReturn(List.of());
    }

    private void readFrom(FilterPlan plan) {
        residual = filter.ids() == null ? plan.residual() : Planner.whole(filter);
        candidates = Candidates.of(plan.sources(), Planner.since(filter), Planner.until(filter));
    }

    /// Ids are found whatever their time.
    private List<Key> taken(Candidates known) {
        List<Key> keys = new ArrayList<>();
        while (known.isReady() && keys.size() < BATCH) {
            Key key = known.take();
            if (key.createdAt() >= filter.since() && key.createdAt() <= filter.until()) {
                keys.add(key);
            }
        }
        return keys;
    }

    private Mono<List<ShownKey>> shown(List<Key> keys) {
        var terms = new ShownCalls.Terms(
                asking.upTo(), answers.nowSeconds(), answers.visibility().privateKinds(), List.copyOf(viewers));
        return asking.ask(ShownCalls.shown(keys, residual, terms, authorFrom))
                .flatMap(found -> allowed(keys, found)
                        .map(allowed -> found.stream()
                                .filter(one -> !one.isPrivate() || allowed.contains(keys.get(one.place())))
                                .map(one -> new ShownKey(keys.get(one.place()), one.author()))
                                .toList()));
    }

    private Mono<Set<Key>> allowed(List<Key> keys, List<Shown> found) {
        List<Key> unsure = found.stream()
                .filter(Shown::isPrivate)
                .map(one -> keys.get(one.place()))
                .toList();
        return unsure.isEmpty() ? Mono.just(Set.of()) : allowed(unsure).collect(Collectors.toSet());
    }

    private Flux<Key> allowed(List<Key> keys) {
        long bytes = answers.properties().pageSize().toBytes();
        return asking.ask(Calls.rows(keys, asking.upTo(), answers.nowSeconds(), bytes))
                .publishOn(answers.workers())
                .flatMapMany(rows -> Flux.fromIterable(rows.rows())
                        .filter(row -> isShown(row.json()))
                        .map(row -> keys.get(row.key()))
                        .concatWith(Flux.defer(() -> rows.through() < keys.size()
                                ? allowed(keys.subList(rows.through(), keys.size()))
                                : Flux.empty())));
    }

    private boolean isShown(byte[] json) {
        Event event = StoredEvent.read(json);
        return event != null && answers.visibility().shows(event, viewers);
    }
}
