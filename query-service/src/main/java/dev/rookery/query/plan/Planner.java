package dev.rookery.query.plan;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Kinds;
import dev.rookery.event.TagHash;
import dev.rookery.filter.Filter;
import dev.rookery.query.plan.Sources.ByAuthor;
import dev.rookery.query.plan.Sources.ByAuthorAndKind;
import dev.rookery.query.plan.Sources.ByIds;
import dev.rookery.query.plan.Sources.ByKind;
import dev.rookery.query.plan.Sources.ByTag;
import dev.rookery.query.plan.Sources.ByTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which sources a filter can be answered from, and what they leave to be asked of each row.
public final class Planner {

    /// Beyond so many pairs of author and kind, authors alone are read, and kinds asked of each row.
    private static final int MAX_PAIRS = 5_000;

    private Planner() {}

    /// The sources that a filter could be answered from; several where it is worth asking which holds fewest.
    public static List<Sources> alternatives(Filter filter) {
        if (filter.ids() != null) {
            return List.of(new ByIds(filter.ids()));
        }
        Optional<List<Integer>> kinds = storedKinds(filter);
        List<Sources> narrow = new ArrayList<>();
        filter.tags().forEach((name, values) -> narrow.add(new ByTag(name.charAt(0), hashes(name, values), kinds)));
        if (filter.authors() != null) {
            narrow.add(byAuthors(filter.authors(), kinds));
        }
        if (!narrow.isEmpty()) {
            return narrow;
        }
        return List.of(kinds.<Sources>map(ByKind::new).orElseGet(ByTime::new));
    }

    /// NIP-17, NIP-59: a filter that names kinds whose events only their authors and recipients see, and no author, tag
    /// or id, is answered from what its viewers have written and received: of all events of such a kind, few may be
    /// theirs. What it finds needs nothing asked of its rows.
    ///
    /// @return empty when one of the alternatives serves as well
    public static Optional<List<Sources>> ofViewers(Filter filter, Set<Integer> privateKinds, Set<Bytes32> viewers) {
        boolean isNarrow = filter.ids() != null
                || filter.authors() != null
                || !filter.tags().isEmpty();
        List<Integer> kinds = storedKinds(filter).orElse(List.of());
        List<Integer> hidden = kinds.stream().filter(privateKinds::contains).toList();
        if (isNarrow || hidden.isEmpty() || viewers.isEmpty()) {
            return Optional.empty();
        }
        List<Sources> sources = new ArrayList<>();
        sources.add(new ByTag(
                'p',
                viewers.stream()
                        .map(viewer -> TagHash.of('p', viewer.toString()))
                        .toList(),
                Optional.of(hidden)));
        sources.add(new ByAuthorAndKind(List.copyOf(viewers), hidden));
        if (hidden.size() < kinds.size()) {
            sources.add(new ByKind(
                    kinds.stream().filter(kind -> !hidden.contains(kind)).toList()));
        }
        return Optional.of(sources);
    }

    /// What is left to be asked of the rows that one of the alternatives leads to.
    public static Residual residual(Filter filter, Sources chosen) {
        return switch (chosen) {
            case ByTime _, ByKind _ -> Residual.NONE;
            // So few rows that each is read and compared in full.
            case ByIds _ -> Residual.NONE;
            case ByTag(char name, var hashes, var kinds) ->
                new Residual(Optional.ofNullable(filter.authors()), Optional.empty(), tagsBut(filter, name));
            case ByAuthor _ -> new Residual(Optional.empty(), storedKinds(filter), tags(filter));
            case ByAuthorAndKind _ -> new Residual(Optional.empty(), Optional.empty(), tags(filter));
        };
    }

    /// The first second that the filter looks at.
    public static long since(Filter filter) {
        return Math.max(0, filter.since());
    }

    /// The last one.
    public static long until(Filter filter) {
        return Math.min(Event.LATEST, filter.until());
    }

    /// All that is to be asked of a row, but for its time.
    public static Residual whole(Filter filter) {
        return new Residual(Optional.ofNullable(filter.authors()), storedKinds(filter), tags(filter));
    }

    private static Sources byAuthors(List<Bytes32> authors, Optional<List<Integer>> kinds) {
        return kinds.filter(list -> (long) list.size() * authors.size() <= MAX_PAIRS)
                .<Sources>map(list -> new ByAuthorAndKind(authors, list))
                .orElseGet(() -> new ByAuthor(authors));
    }

    private static Optional<List<Integer>> storedKinds(Filter filter) {
        return Optional.ofNullable(filter.kinds())
                .map(kinds -> kinds.stream()
                        .filter(kind -> kind >= 0 && kind <= Kinds.HIGHEST)
                        .toList());
    }

    /// The hashes of the values of each of its tags.
    public static List<List<Long>> tags(Filter filter) {
        return tagsBut(filter, '\0');
    }

    private static List<List<Long>> tagsBut(Filter filter, char name) {
        return filter.tags().entrySet().stream()
                .filter(tag -> tag.getKey().charAt(0) != name)
                .map(Planner::hashes)
                .toList();
    }

    private static List<Long> hashes(Map.Entry<String, List<String>> tag) {
        return hashes(tag.getKey(), tag.getValue());
    }

    private static List<Long> hashes(String name, List<String> values) {
        char letter = name.charAt(0);
        return values.stream().map(value -> TagHash.of(letter, value)).toList();
    }
}
