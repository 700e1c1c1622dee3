package dev.rookery.query.answer;

import dev.rookery.event.Event;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Placed;
import dev.rookery.order.Position;
import dev.rookery.query.plan.Key;
import dev.rookery.query.stored.Hit;
import dev.rookery.query.stored.QueryFailure;
import dev.rookery.query.stored.SearchCalls;
import dev.rookery.query.stored.StoredEvent;
import dev.rookery.query.stored.Unwritten;
import dev.rookery.query.stored.Wanted;
import dev.rookery.query.stored.Wanted.Fresh;
import dev.rookery.words.EventWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// The snapshot of an answer with searches: how far the index of words goes in it, and the events beyond, which are
/// compared here. So what was stored last is found like everything else, and nobody who stores waits for the index.
record Beginning(Asking asking, long indexed, List<Beyond> beyond) {

    private static final Duration PAUSE = Duration.ofMillis(20);

    /// An event that is not in the index yet.
    record Beyond(long seq, Event event, EventWords words) {

        private Fresh fresh() {
            return new Fresh(seq, new Key(event.createdAt(), event.id()), words.vector());
        }
    }

    /// While there is too much beyond the index, it is waited for; after that the request fails.
    ///
    /// @param turns one for each question, but none to wait for the index
    static Mono<Beginning> of(Answering answers, Position atLeast, @Nullable AtOnce turns) {
        return Mono.defer(() -> {
            long end = System.nanoTime() + answers.search().patience().toNanos();
            return attempt(answers, atLeast, turns)
                    .repeatWhenEmpty(again -> again.takeWhile(tries -> System.nanoTime() - end < 0)
                            .delayElements(PAUSE))
                    .switchIfEmpty(
                            Mono.error(() -> new QueryFailure(Failure.BEHIND, "the search index is too far behind")));
        });
    }

    /// Empty where there is too much beyond the index.
    private static Mono<Beginning> attempt(Answering answers, Position atLeast, @Nullable AtOnce turns) {
        SearchProperties bounds = answers.search();
        var unwritten = SearchCalls.unwritten(
                answers.searchedKinds(),
                bounds.unwritten(),
                bounds.unwrittenSize().toBytes());
        return Mono.defer(() -> {
            Asking asking = new Asking(answers.views(), atLeast, turns);
            return asking.ask(unwritten)
                    .filter(read -> read.indexed() <= asking.upTo() && read.through() == asking.upTo())
                    .publishOn(answers.workers())
                    .map(read -> new Beginning(asking, read.indexed(), beyond(read)));
        });
    }

    Mono<List<Hit>> search(Search search, int most) {
        List<Fresh> fresh = beyond.stream()
                .filter(one -> search.matchesBesides(one.event()) && one.words().hasAll(search.words()))
                .map(Beyond::fresh)
                .toList();
        return asking.ask(SearchCalls.search(new Wanted(search.words(), search.filter(), indexed, most, fresh)));
    }

    private static List<Beyond> beyond(Unwritten unwritten) {
        List<Beyond> beyond = new ArrayList<>();
        for (Placed placed : unwritten.events()) {
            Event event = StoredEvent.read(placed.event());
            if (event != null) {
                beyond.add(new Beyond(placed.seq(), event, EventWords.of(event)));
            }
        }
        return beyond;
    }
}
