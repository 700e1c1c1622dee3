package dev.rookery.query.answer;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Counted;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.query.answer.ShownKeys.ShownKey;
import dev.rookery.query.plan.Key;
import dev.rookery.query.stored.Calls;
import dev.rookery.query.stored.QueryFailure;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// One COUNT on its way. NIP-45: "Multiple filters are OR'd together and aggregated into a single count result." So the
/// keys of all are gone through in their common order, where those of one event meet.
final class CountRun {

    private final Answering answers;
    private final LinkFrame.Count request;
    private final Asking asking;
    private final Optional<HyperLogLog> authors;
    private final List<Side> sides;
    private long count;

    /// One filter's keys that are here.
    private static final class Side {

        private final ShownKeys keys;
        private final Deque<ShownKey> here = new ArrayDeque<>();
        private boolean over;

        Side(ShownKeys keys) {
            this.keys = keys;
        }

        boolean lacks() {
            return here.isEmpty() && !over;
        }

        Mono<Void> readOn() {
            return keys.next()
                    .doOnNext(next -> {
                        over = next.isEmpty();
                        here.addAll(next);
                    })
                    .then();
        }

        @Nullable
        Key head() {
            ShownKey first = here.peek();
            return first == null ? null : first.key();
        }
    }

    /// @param turns in which the store is asked
    CountRun(Answering answers, AtOnce turns, LinkFrame.Count request, List<Filter> filters) {
        this.answers = answers;
        this.request = request;
        this.asking = new Asking(answers.views(), request.atLeast(), turns);
        this.authors = HyperLogLog.of(filters);
        Set<Bytes32> viewers = Set.copyOf(request.viewers());
        int authorFrom = authors.map(HyperLogLog::offset).orElse(0);
        this.sides = filters.stream()
                .map(filter -> answers.visibility().narrowed(filter, viewers))
                .filter(filter -> !filter.canMatchNothing())
                .map(filter -> new Side(new ShownKeys(answers, asking, filter, viewers, authorFrom)))
                .toList();
    }

    Mono<Counted> counted() {
        return Mono.defer(this::step)
                .repeat(this::isUnfinished)
                .then(Mono.defer(() -> asking.hasBegun() ? Mono.just(true) : asking.ask(Calls.position())))
                .map(begun -> result());
    }

    private boolean isUnfinished() {
        return sides.stream().anyMatch(side -> side.head() != null || side.lacks());
    }

    private Mono<Void> step() {
        Optional<Side> lacking = sides.stream().filter(Side::lacks).findFirst();
        if (lacking.isPresent()) {
            return lacking.get().readOn();
        }
        return Mono.fromRunnable(this::countWhatIsHere);
    }

    /// Up to where one side has to be read on.
    private void countWhatIsHere() {
        while (sides.stream().noneMatch(Side::lacks)) {
            Optional<ShownKey> next = sides.stream()
                    .flatMap(side -> Optional.ofNullable(side.here.peek()).stream())
                    .min(Comparator.comparing(ShownKey::key));
            if (next.isEmpty()) {
                return;
            }
            count(next.get());
        }
    }

    private void count(ShownKey next) {
        for (Side side : sides) {
            if (next.key().equals(side.head())) {
                side.here.remove();
            }
        }
        authors.ifPresent(registers -> registers.add(next.author()));
        if (++count > answers.count().most()) {
            throw new QueryFailure(
                    Failure.TOO_LARGE, "more than " + answers.count().most() + " events to count");
        }
    }

    private Counted result() {
        byte[] registers = authors.map(HyperLogLog::registers).orElse(new byte[0]);
        return new Counted(request.request(), asking.at(), count, registers);
    }
}
