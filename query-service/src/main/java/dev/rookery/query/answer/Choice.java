package dev.rookery.query.answer;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.filter.Visibility;
import dev.rookery.query.plan.FilterPlan;
import dev.rookery.query.plan.Planner;
import dev.rookery.query.plan.Residual;
import dev.rookery.query.plan.Sources;
import dev.rookery.query.plan.Sources.ByAuthor;
import dev.rookery.query.plan.Sources.ByAuthorAndKind;
import dev.rookery.query.plan.Sources.ByTag;
import dev.rookery.query.stored.Calls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/// Which of several sources a filter is answered from: those that hold the fewest keys. They are counted, not guessed,
/// but only some of them and only so far as it can matter.
///
/// @param viewers the keys that whoever is to see the answer has proven
record Choice(Asking asking, Visibility visibility, Set<Bytes32> viewers) {

    private static final int SAMPLE = 16;
    private static final int COUNTED = 1_000;
    /// So few keys are read in no time, whatever the others hold.
    private static final long LIGHT = 200;

    Mono<FilterPlan> of(Filter filter) {
        return Planner.ofViewers(filter, visibility.privateKinds(), viewers)
                .map(sources -> Mono.just(new FilterPlan(filter, sources, Residual.NONE)))
                .orElseGet(() -> chosen(filter).map(sources -> plan(filter, sources)));
    }

    private static FilterPlan plan(Filter filter, Sources sources) {
        return new FilterPlan(filter, List.of(sources), Planner.residual(filter, sources));
    }

    private Mono<Sources> chosen(Filter filter) {
        List<Sources> alternatives = Planner.alternatives(filter);
        if (alternatives.size() == 1) {
            return Mono.just(alternatives.getFirst());
        }
        List<ByTag> tags = alternatives.stream()
                .filter(ByTag.class::isInstance)
                .map(ByTag.class::cast)
                .toList();
        Sources last = alternatives.getLast();
        return lightest(filter, tags)
                .flatMap(tag -> last instanceof ByTag || tag.weight() <= LIGHT
                        ? Mono.just(tag.sources())
                        : weighed(filter, last).map(authors -> authors.weight() < tag.weight() ? last : tag.sources()));
    }

    private record Weighed(Sources sources, long weight) {}

    private Mono<Weighed> lightest(Filter filter, List<ByTag> tags) {
        List<List<Long>> samples =
                tags.stream().map(tag -> sample(tag.hashes())).toList();
        List<Long> all = samples.stream().flatMap(List::stream).toList();
        return asking.ask(Calls.weighTags(all, Planner.since(filter), Planner.until(filter), COUNTED))
                .map(weights -> {
                    List<Weighed> weighed = new ArrayList<>();
                    int from = 0;
                    for (int i = 0; i < tags.size(); i++) {
                        int to = from + samples.get(i).size();
                        weighed.add(new Weighed(
                                tags.get(i),
                                total(weights.subList(from, to), tags.get(i).count())));
                        from = to;
                    }
                    return weighed.stream()
                            .min(Comparator.comparingLong(Weighed::weight))
                            .orElseThrow();
                });
    }

    private Mono<Weighed> weighed(Filter filter, Sources sources) {
        List<Bytes32> authors = switch (sources) {
            case ByAuthor(var list) -> list;
            case ByAuthorAndKind(var list, var kinds) -> list;
            default -> throw new IllegalArgumentException("not by author: " + sources);
        };
        return asking.ask(Calls.weighAuthors(sample(authors), Planner.since(filter), Planner.until(filter), COUNTED))
                .map(weights -> new Weighed(sources, total(weights, authors.size())));
    }

    private static long total(List<Integer> weights, int count) {
        long sum = weights.stream().mapToLong(Integer::longValue).sum();
        return sum * count / weights.size();
    }

    private static <T> List<T> sample(List<T> all) {
        int size = Math.min(SAMPLE, all.size());
        return IntStream.range(0, size)
                .mapToObj(i -> all.get((int) ((long) i * all.size() / size)))
                .toList();
    }
}
